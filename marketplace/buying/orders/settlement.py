"""Money out of a vendor order: back to its buyer, or on to those who earned it.

Commands of the room call these inside their own transaction, with the order's row locked.
"""

from __future__ import annotations

from fractions import Fraction
from uuid import UUID

from sqlalchemy import select

from banking import api as bank
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money, total
from marketplace.buying.orders import rules
from marketplace.buying.orders.events import VendorOrderCompleted, VendorOrderRefunded
from marketplace.buying.orders.models import OrderGroup, OrderRefund, VendorOrder
from marketplace.buying.orders.rules import Amounts, OrderState
from marketplace.buying.orders.shapes import RefundTo, RefundWay

_BORDER = ("duty", "tax", "fees")
PAYABLE = {
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


def border_credits(order: VendorOrder) -> list[bank.Credit]:
    """Return what the authorities are owed for goods that cross the border."""
    return [
        bank.Credit(PAYABLE[part], amount, memo=part)
        for part, amount in zip(_BORDER, border(order), strict=True)
        if amount
    ]


def refunds(order: VendorOrder) -> list[OrderRefund]:
    """Return what went back for goods that were sent back."""
    query = select(OrderRefund).where(OrderRefund.vendor_order_id == order.id)
    return list(session().scalars(query))


def paid(order: VendorOrder) -> Amounts:
    """Return what the buyer paid, without what customs did not take."""
    duty, tax, fees = border(order)
    return Amounts(money(order, "goods"), money(order, "freight"), duty, tax, fees)


def left(order: VendorOrder) -> Amounts:
    """Return what of that has not come back for returned goods."""
    rest = paid(order)
    for row in refunds(order):
        parts = (row.goods_minor, row.freight_minor, row.duty_minor, row.tax_minor, row.fees_minor)
        rest = rest.less(Amounts(*(Money(part, order.currency) for part in parts)))
    return rest


def charged_back(order: VendorOrder) -> Money:
    """Return what the card's bank took of an order in a lost dispute, nothing of wallets' money."""
    group = session().get_one(OrderGroup, order.group_id)
    if group.payment_id is None:
        return Money.zero(order.currency)
    return bank.charged_back(order_ref=order.ref, currency=order.currency)


def refund_rest(order: VendorOrder, reason: str, actor: Actor) -> None:
    """Give everything back that is still kept. Events: VendorOrderRefunded."""
    order.closed_at = clock.now()
    refund(order, money(order, "total") - money(order, "border_back"), reason, actor)


def refund(
    order: VendorOrder, amount: Money, reason: str, actor: Actor, *, key: UUID | None = None
) -> None:
    """Give money back out of the escrow, once for a reason or key. Events: VendorOrderRefunded.

    What a card's bank took after a lost dispute has reached the cardholder and comes once.
    """
    if charged_back(order):
        amount = min(amount, bank.escrow_of(order_ref=order.ref).remaining)
    if not amount:
        return
    bank.refund_escrow(
        key=key or refund_key(order.id, reason),
        order_ref=order.ref,
        amount=amount,
        to_wallet_id=refund_wallet(order),
        actor=actor,
    )
    publish(VendorOrderRefunded(order_ref=order.ref, refunded=amount, reason=reason))


def refund_key(order_id: UUID, reason: str) -> UUID:
    """Return the key of the one refund of an order that a reason brings."""
    return derived_id(order_id, f"refund:{reason}")


def give_surplus_back(order: VendorOrder, *, quoted: Money, assessed: Money, actor: Actor) -> None:
    """Give back what was promised and customs did not take, once, from where it is now.

    Until the order is completed it is kept; afterwards it stands in what the house owes to the
    authorities. An order that was lost or refunded gives all of its border money back anyway, and
    what came back with returned goods does not come twice.
    Events: VendorOrderRefunded.
    """
    state = OrderState(order.state)
    if order.border_back_minor or state not in {*rules.KEPT, OrderState.COMPLETED}:
        return
    before = border(order)
    back = total(before, order.currency).times(Fraction((quoted - assessed).minor, quoted.minor))
    back = rules.still_due(back, promised=before, left=left(order))
    if not back:
        return
    order.border_back_minor = back.minor
    if state in rules.KEPT:
        refund(order, back, "duty_surplus", actor)
        return
    bank.refund_from_payables(
        key=derived_id(order.id, "refund:duty_surplus"),
        order_ref=order.ref,
        sources=_from_payables(order, before),
        to_wallet_id=refund_wallet(order),
        actor=actor,
    )
    publish(VendorOrderRefunded(order_ref=order.ref, refunded=back, reason="duty_surplus"))


def _from_payables(order: VendorOrder, before: list[Money]) -> list[bank.Debit]:
    return [
        bank.Debit(PAYABLE[part], old - new, memo="surplus")
        for part, old, new in zip(_BORDER, before, border(order), strict=True)
    ]


def bear(order: VendorOrder, shortfall: Money, actor: Actor) -> None:
    """Book what customs asks above the promise as the house's own loss, whenever it is told."""
    bank.bear_duty_shortfall(
        key=derived_id(order.id, "duty_shortfall"),
        shortfall=shortfall,
        subject=order.ref,
        actor=actor,
    )


def pay_out(order: VendorOrder, *, with_border: bool, actor: Actor) -> None:
    """Release what is kept to vendor, carrier and authorities. Events: VendorOrderCompleted."""
    net = release_rest(order, with_border=with_border, actor=actor)
    publish(VendorOrderCompleted(order_ref=order.ref, paid_to_vendor=net))


def release_rest(order: VendorOrder, *, with_border: bool, actor: Actor) -> Money:
    """Release what is left in the escrow to those who earned it, nothing where nothing is.

    What a card's bank took before comes off the vendor's part first, as it would after the payout.
    Returns: what the vendor gets, in the vendor's currency.
    """
    order.closed_at = clock.now()
    before = left(order)
    # Where goods came back since, what went back for them was at most what the bank had left.
    rest = before.without(min(charged_back(order), before.total))
    price, fee = _earned(order, rules.share_of(rest.goods, before.goods))
    parts = [(bank.Purpose.FREIGHT, rest.freight)]
    if with_border:
        parts += [
            (bank.Purpose.DUTY, rest.duty + rest.fees),
            (bank.Purpose.TAX, rest.tax),
        ]
    payouts = [
        bank.EscrowPayout(amount=amount, purpose=purpose) for purpose, amount in parts if amount
    ]
    if rest.goods:  # the vendor's own price, whatever the rate did, less commission
        goods = bank.EscrowPayout(
            amount=rest.goods,
            purpose=bank.Purpose.GOODS,
            credit=price,
            commission=fee,
            convert_with=order.rate_quote_id,
        )
        payouts.insert(0, goods)
    if payouts:
        bank.release_escrow(
            key=derived_id(order.id, "release"), order_ref=order.ref, payouts=payouts, actor=actor
        )
    return price - fee


def refund_wallet(order: VendorOrder) -> UUID | None:
    """Return the wallet that refunds go to, None where they go back to what paid."""
    group = session().get_one(OrderGroup, order.group_id)
    return group.refund_wallet_id or (group.wallet_id if group.payment_id is None else None)


def refund_way(
    payment_id: UUID | None, wallet_id: UUID | None, refund_wallet_id: UUID | None
) -> RefundWay:
    """Return in words of a page where `refund_wallet` and what paid let refunds go."""
    if payment_id is None or refund_wallet_id is not None:
        return RefundWay(RefundTo.WALLET, "")
    paid_by = bank.paid_card(payer_id=payment_id)
    words = paid_by.words if paid_by is not None and paid_by.last4 else ""
    return RefundWay(RefundTo.CARD if wallet_id is None else RefundTo.BOTH, words)


def _earned(order: VendorOrder, share: Fraction) -> tuple[Money, Money]:
    """Return the vendor's price and the commission of a share of what did not come back."""
    back = refunds(order)
    goods = order.vendor_goods_minor - sum(row.vendor_goods_minor for row in back)
    fee = order.vendor_commission_minor - sum(row.vendor_commission_minor for row in back)
    return (
        Money(goods, order.vendor_currency).times(share),
        Money(fee, order.vendor_currency).times(share),
    )
