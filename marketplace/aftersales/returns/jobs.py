"""What returns hear of, their clock, and their letters."""

from __future__ import annotations

from datetime import timedelta

from banking import api as bank
from kernel import clock, mail
from kernel.actor import SYSTEM
from kernel.events import on
from kernel.jobs import one_by_one, schedule
from kernel.people.identity import queries as people
from kernel.people.identity.queries import PersonView
from marketplace.aftersales.returns import outcomes, queries, rules, service
from marketplace.aftersales.returns.events import ReturnMoved, ReturnOpened
from marketplace.aftersales.returns.indemnities import compensations
from marketplace.aftersales.returns.queries import Reason, ReturnView, State
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders.events import (
    VendorOrderDelivered,
    VendorOrderLost,
    VendorOrderRefunded,
)
from marketplace.buying.orders.queries import VendorOrderView
from marketplace.catalogue.products.queries import in_language

bank.ask_before_refunds("marketplace.returns", compensations)


@on(VendorOrderDelivered, "marketplace.returns.let_buyer_send_back", queue="money")
def let_buyer_send_back(event: VendorOrderDelivered) -> None:
    """Begin the time to send back what a buyer withdrew from before it came."""
    service.follow(order_ref=event.order_ref, actor=SYSTEM)


@on(VendorOrderLost, "marketplace.returns.forget_what_is_lost", queue="money")
def forget_what_is_lost(event: VendorOrderLost) -> None:
    """End the return of a parcel that the carrier lost: cover or hold pays it."""
    service.follow(order_ref=event.order_ref, actor=SYSTEM)


@on(VendorOrderRefunded, "marketplace.returns.forget_what_is_refunded", queue="money")
def forget_what_is_refunded(event: VendorOrderRefunded) -> None:
    """End the return of an order whose money went back in another way."""
    service.follow(order_ref=event.order_ref, actor=SYSTEM)


@schedule("marketplace.returns.let_clocks_run_out", every=timedelta(seconds=30), queue="money")
def let_clocks_run_out() -> None:
    """Do what the time decides, each return in its own commit."""
    while refs := queries.due(clock.now()):
        one_by_one(refs, lambda ref: service.run_out(ref=ref, actor=SYSTEM))


@on(ReturnOpened, "marketplace.returns.confirm_and_tell_seller", queue="mail")
def confirm_and_tell_seller(event: ReturnOpened) -> None:
    """Send the buyer the receipt with its instant, and tell the seller what comes back.

    Of an order that was cancelled with it, orders tell the seller.
    """
    view = queries.by_ref(event.return_ref)
    order = orders.by_ref(view.order_ref)
    _to_buyer(view, order, "return_receipt")
    if view.state is not State.CANCELLED:
        _to_seller(view, order, "return_opened")


@on(ReturnMoved, "marketplace.returns.tell_both", queue="mail")
def tell_both(event: ReturnMoved) -> None:
    """Tell those who wait for it that a return came further; money tells of itself."""
    view = queries.by_ref(event.return_ref)
    order, state = orders.by_ref(view.order_ref), State(event.state)
    if state in _FOR_BUYER or (state is State.SETTLED and _brought_nothing(view, order)):
        _to_buyer(view, order, "return_moved", state)
    if state in _FOR_SELLER:
        _to_seller(view, order, "return_moved", state)


def _brought_nothing(view: ReturnView, order: VendorOrderView) -> bool:
    """Whether the card's bank had given everything back: then no money tells of itself."""
    shortened = outcomes.shortened(view, order)
    return shortened is not None and not shortened.given


_FOR_BUYER = {State.OPEN, State.REJECTED, State.CLOSED, State.VOID}
_FOR_SELLER = {State.SENT, State.DISPUTED, State.SETTLED, State.CLOSED, State.VOID}


def _to_buyer(
    view: ReturnView, order: VendorOrderView, template: str, state: State | None = None
) -> None:
    buyer = people.person(view.person_id)
    assert buyer is not None, "a buyer has an account"
    _send(
        buyer,
        template,
        _data(view, order, state)
        | {
            "way": f"/returns/{view.ref}",
            "pieces": _pieces(view, order, buyer.locale),
        },
    )


def _to_seller(
    view: ReturnView, order: VendorOrderView, template: str, state: State | None = None
) -> None:
    for person in people.staff_of(view.organisation_id):
        _send(
            person,
            template,
            _data(view, order, state)
            | {
                "way": f"/desk/returns/{view.ref}",
                "pieces": _pieces(view, order, person.locale),
            },
        )


def _send(person: PersonView, template: str, data: dict[str, object]) -> None:
    mail.send(
        to=person,
        template=f"marketplace/mail/{template}.txt",
        locale=person.locale,
        data={"name": person.name, "zone": person.zone, **data},
    )


def _pieces(view: ReturnView, order: VendorOrderView, locale: str) -> list[str]:
    return [
        f"{view.pieces[line.id]} × {in_language(line.titles, locale)}"
        for line in order.lines
        if line.id in view.pieces
    ]


def _data(view: ReturnView, order: VendorOrderView, state: State | None) -> dict[str, object]:
    shortened = outcomes.shortened(view, order)
    return {
        "ref": view.ref,
        "order_ref": order.ref,
        "is_withdrawal": view.is_withdrawal or view.reason is Reason.CHANGED_MIND,
        "state": str(state or view.state),
        "words": rules.state_words(state or view.state, waits_for_seller=view.waits_for_seller),
        "reason": view.reason_words,
        "opened_at": view.opened_at.isoformat(),
        "due_at": view.due_at.isoformat() if view.due_at else "",
        "address": view.address,
        "country": view.country,
        "instructions": view.instructions,
        "why": view.rejection,
        "decision": view.decision,
        "total": (shortened.given if shortened else view.parts.total).plain(),
        "taken": shortened.taken.plain() if shortened else "",
        "note": view.note,
        "pays_way": str(view.way_back),
        "buyer": order.address.get("name", ""),
    }
