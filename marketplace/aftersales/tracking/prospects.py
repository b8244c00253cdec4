"""What a waiting buyer is told: where it stands, the border, the day, and what may be done."""

from __future__ import annotations

from datetime import date

from insurance import api as cover
from kernel.text import N_, Message
from marketplace.borders.customs.queries import DeclarationState, DeclarationView
from marketplace.buying.orders.queries import OrderState, VendorOrderView
from marketplace.logistics.carriers import queries as carriers

_NOT_SENT = {OrderState.PAID, OrderState.DISPATCHED}
UNDER_WAY = _NOT_SENT | {OrderState.IN_TRANSIT, OrderState.CUSTOMS}

_CARRIED = N_("The carrier has it, so it can't be cancelled or sent to another address any more.")
_BOUND: dict[OrderState, str] = {
    OrderState.PAID: N_(
        "Delivery, duty and tax were worked out for this address, so it can't be changed. To send"
        " the parcel elsewhere, cancel it and order again."
    ),
    OrderState.DISPATCHED: N_(
        "It's packed, so it can't be cancelled or sent to another address any more."
    ),
    OrderState.IN_TRANSIT: _CARRIED,
    OrderState.CUSTOMS: _CARRIED,
}

_BORDER: dict[DeclarationState, str] = {
    DeclarationState.DRAFT: N_("The declaration is being prepared from your order."),
    DeclarationState.FILED: N_(
        "Customs has the declaration. Duty and tax come out of what you paid."
    ),
    DeclarationState.QUERIED: N_(
        "Customs has a question. We'll answer it from the order's documents."
    ),
    DeclarationState.ACCEPTED: N_(
        "Customs has accepted the declaration and is working out what's due."
    ),
    DeclarationState.ASSESSED: N_("Customs charges %(assessed)s. It comes out of what you paid."),
    DeclarationState.RELEASED: N_(
        "Released. Customs charged %(assessed)s; you had paid %(quoted)s."
    ),
    DeclarationState.REFUSED: N_("Customs refused the parcel. We're sorting it out."),
}
_RELEASED = N_("Released by customs.")
_RELEASED_FREE = N_("Released. Customs charged nothing.")


_HEADLINES = {
    OrderState.PAID: N_("The seller is packing your order. It arrives by %(day)s."),
    OrderState.DISPATCHED: N_("Packed and waiting for the carrier. Arrives by %(day)s."),
    OrderState.IN_TRANSIT: N_("On its way. Arrives by %(day)s."),
    OrderState.CUSTOMS: N_("At customs. Arrives by %(day)s."),
    OrderState.DELIVERED: N_("Delivered. Check everything by %(day)s; then the seller is paid."),
    OrderState.COMPLETED: N_("Delivered and complete."),
    OrderState.LOST: N_("The carrier has lost this parcel. We're sorting it out."),
    OrderState.INDEMNIFIED: N_("Lost on the way. Your cover has paid."),
    OrderState.BORNE: N_(
        "Lost on the way. It was bought for a business and wasn't covered, so the seller was paid."
    ),
    OrderState.REFUNDED: N_("You have your money back."),
    OrderState.CANCELLED: N_("Cancelled. You have your money back."),
}
_REFUSED = N_(
    "Customs refused this parcel. It's going back to the seller, and you'll get your money back."
)
# Once the promised day cannot be kept, no day is named: nobody knows one.
_DELAYED = {
    OrderState.PAID: N_("The seller hasn't packed your order yet. It's running late."),
    OrderState.DISPATCHED: N_("Packed and waiting for the carrier. It's running late."),
    OrderState.IN_TRANSIT: N_("On its way, running late."),
    OrderState.CUSTOMS: N_("At customs, running late."),
}


def is_awaited(order: VendorOrderView) -> bool:
    """Whether the buyer still waits for the goods: what customs refused will not come."""
    return order.state in UNDER_WAY and not order.is_refused


def headline(order: VendorOrderView, found: cover.RecoveryView | None, *, today: date) -> Message:
    """Return the answer to the question the buyer comes with. Today is the day where it goes."""
    if found is not None and found.state is not cover.RecoveryState.KEPT:
        return Message(_found_words(found))
    if order.is_refused:
        return Message(_REFUSED)
    if delay_words(order, today=today) is not None:
        return Message(_DELAYED[order.state])
    data: dict[str, object] = {"day": order.promised_on}
    if order.state == OrderState.DELIVERED and order.release_due_at is not None:
        data["day"] = order.release_due_at.date()
    return Message(_HEADLINES[order.state], data)


def _found_words(found: cover.RecoveryView) -> str:
    if found.state is not cover.RecoveryState.AWAITING_CHOICE:
        return N_("Found after all. It belongs to the insurer, and you keep the money.")
    if found.whereabouts is cover.Whereabouts.CARRIER:
        return N_("Found after all, and on its way to you. Your cover has paid.")
    return N_("Found after all and delivered. Keep it, or keep the money?")


def border_words(declaration: DeclarationView) -> Message:
    """Return what happens at the border, and with whose money."""
    if declaration.state is DeclarationState.RELEASED and declaration.assessed is None:
        return Message(_RELEASED)
    if declaration.state is DeclarationState.RELEASED and not (
        declaration.assessed or declaration.quoted
    ):
        return Message(_RELEASED_FREE)
    data = {"assessed": declaration.assessed or declaration.quoted, "quoted": declaration.quoted}
    return Message(_BORDER[declaration.state], data)


def bound_words(order: VendorOrderView) -> Message | None:
    """Return what its buyer cannot change of a parcel that is awaited, and why."""
    return Message(_BOUND[order.state]) if is_awaited(order) else None


def delay_words(order: VendorOrderView, *, today: date) -> Message | None:
    """Return that a parcel is late, or cannot be in time any more; None while it can.

    A parcel that has not left needs at least the shortest way that was quoted. Today is the day
    where it goes.
    """
    data = {"day": order.promised_on}
    if not is_awaited(order):
        return None
    if today > order.promised_on:
        return Message(N_("It's late: it was promised for %(day)s."), data)
    soonest = carriers.soonest(
        on=today,
        hand_over_on=order.ship_by_on,
        min_on=date.fromisoformat(order.delivery["min_on"]),
    )
    if order.state in _NOT_SENT and soonest > order.promised_on:
        return Message(
            N_("It will be late: it hasn't left yet and can't arrive by %(day)s."),
            data,
        )
    return None


def arrival_range(order: VendorOrderView, *, today: date) -> tuple[date, date] | None:
    """Return the first and last day on which it may come, None when it is late or over."""
    if not is_awaited(order) or delay_words(order, today=today) is not None:
        return None
    return max(date.fromisoformat(order.delivery["min_on"]), today), order.promised_on
