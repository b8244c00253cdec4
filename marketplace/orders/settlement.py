"""Money out of a vendor order: back to its buyer, or on to those who earned it.

Commands of the room call these inside their own transaction, with the order's row locked.
"""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

from banking import api as bank
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money, total
from marketplace.orders import rules
from marketplace.orders.events import VendorOrderCompleted, VendorOrderRefunded
from marketplace.orders.models import OrderGroup, VendorOrder
from marketplace.orders.rules import OrderState

_BORDER = ("duty", "tax", "fees")
_PAYABLE = {
    "duty": bank.AccountKind.DUTY_PAYABLE,
    "tax": bank.AccountKind.TAX_PAYABLE,
    "fees": bank.AccountKind.DUTY_PAYABLE,
}


def money(order: VendorOrder, part: str) -> Money:
    """Return a part of what the buyer paid."""
    return Money(getattr(order, f"{part}_minor"), order.currency)


def border(order: VendorOrder) -> list[Money]:
    """Return duty, tax and fees without what customs did not take."""
    parts = [money(order, part) for part in _BORDER]
    return rules.after_surplus(parts, money(order, "border_back"))


def border_credits(order: VendorOrder) -> list[bank.Leg]:
    """Return what the authorities are owed for goods that cross the border."""
    return [
        bank.Leg(bank.AccountRef.house(_PAYABLE[part], order.currency), amount, memo=part)
        for part, amount in zip(_BORDER, border(order), strict=True)
        if amount
    ]


def refund_rest(order: VendorOrder, reason: str, actor: Actor) -> None:
    """Give everything back that is still kept. Events: VendorOrderRefunded."""
    order.closed_at = clock.now()
    refund(order, money(order, "total") - money(order, "border_back"), reason, actor)


def refund(order: VendorOrder, amount: Money, reason: str, actor: Actor) -> None:
    """Give money back out of the escrow. Events: VendorOrderRefunded."""
    bank.refund_escrow(
        key=derived_id(order.id, f"refund:{reason}"), order_ref=order.ref, amount=amount,
        to_wallet_id=_wallet(order), actor=actor,
    )  # fmt: skip
    publish(VendorOrderRefunded(order_ref=order.ref, refunded=amount, reason=reason))


def give_surplus_back(order: VendorOrder, *, quoted: Money, assessed: Money, actor: Actor) -> None:
    """Give back what was promised and customs did not take, once, from where it is now.

    Until the order is completed it is kept; afterwards it stands in what the house owes to the
    authorities. An order that was lost or refunded gives all of its border money back anyway.
    Events: VendorOrderRefunded.
    """
    state = OrderState(order.state)
    if order.border_back_minor or state not in {*rules.KEPT, OrderState.COMPLETED}:
        return
    before = border(order)
    paid = total(before, order.currency)
    back = paid.times(Fraction((quoted - assessed).minor, quoted.minor))
    if not back:
        return
    order.border_back_minor = back.minor
    if state in rules.KEPT:
        refund(order, back, "duty_surplus", actor)
        return
    bank.refund_from_payables(
        key=derived_id(order.id, "refund:duty_surplus"), order_ref=order.ref,
        sources=_from_payables(order, before), to_wallet_id=_wallet(order), actor=actor,
    )  # fmt: skip
    publish(VendorOrderRefunded(order_ref=order.ref, refunded=back, reason="duty_surplus"))


def _from_payables(order: VendorOrder, before: list[Money]) -> list[bank.Leg]:
    after = border(order)
    debits = [
        (_PAYABLE[part], new - old)
        for part, old, new in zip(_BORDER, before, after, strict=True)
    ]  # fmt: skip
    return [
        bank.Leg(bank.AccountRef.house(kind, order.currency), amount, memo="surplus")
        for kind, amount in debits
        if amount
    ]


def bear(order: VendorOrder, shortfall: Money, actor: Actor) -> None:
    """Book what customs asks above the promise as the house's own loss, whenever it is told."""
    payable = bank.AccountRef.house(bank.AccountKind.DUTY_PAYABLE, shortfall.currency)
    variance = bank.AccountRef.house(bank.AccountKind.DUTY_VARIANCE, shortfall.currency)
    bank.post(
        key=derived_id(order.id, "duty_shortfall"), kind="duty_shortfall", subject=order.ref,
        legs=[bank.Leg(variance, -shortfall), bank.Leg(payable, shortfall)], actor=actor,
    )  # fmt: skip


def pay_out(order: VendorOrder, *, with_border: bool, actor: Actor) -> None:
    """Release what is kept to vendor, carrier and authorities. Events: VendorOrderCompleted."""
    order.closed_at = clock.now()
    parts = [(bank.Purpose.FREIGHT, bank.AccountKind.FREIGHT_PAYABLE, money(order, "freight"))]
    if with_border:
        duty, tax, fees = border(order)
        parts += [
            (bank.Purpose.DUTY, bank.AccountKind.DUTY_PAYABLE, duty + fees),
            (bank.Purpose.TAX, bank.AccountKind.TAX_PAYABLE, tax),
        ]
    payouts = [_goods_payout(order)] + [
        bank.EscrowPayout(
            amount=amount, purpose=purpose, to=bank.AccountRef.house(kind, order.currency)
        )
        for purpose, kind, amount in parts
        if amount
    ]
    bank.release_escrow(
        key=derived_id(order.id, "release"), order_ref=order.ref, payouts=payouts, actor=actor
    )
    publish(VendorOrderCompleted(order_ref=order.ref, paid_to_vendor=_net(order)))


def _wallet(order: VendorOrder) -> UUID:
    return session().get_one(OrderGroup, order.group_id).wallet_id


def _net(order: VendorOrder) -> Money:
    minor = order.vendor_goods_minor - order.vendor_commission_minor
    return Money(minor, order.vendor_currency)


def _goods_payout(order: VendorOrder) -> bank.EscrowPayout:
    """Return what the vendor is owed: its own price, whatever the rate did, less commission."""
    return bank.EscrowPayout(
        amount=money(order, "goods"), purpose=bank.Purpose.GOODS,
        credit=Money(order.vendor_goods_minor, order.vendor_currency),
        commission=Money(order.vendor_commission_minor, order.vendor_currency),
        convert_with=order.rate_quote_id,
    )  # fmt: skip
