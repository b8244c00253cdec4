"""Money back for goods that come back: nothing is paid out meanwhile, and each part goes once."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from sqlalchemy import select

from banking import api as bank
from insurance import api as cover
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.errors import NotFound
from kernel.events import publish
from kernel.ids import derived_id
from kernel.money import Money, total
from marketplace.buying.orders import rules, settlement
from marketplace.buying.orders.errors import NoWalletForRefunds, StepNotPossible
from marketplace.buying.orders.events import VendorOrderRefunded
from marketplace.buying.orders.models import OrderGroup, OrderRefund, VendorOrder
from marketplace.buying.orders.moving import locked, move
from marketplace.buying.orders.rules import Amounts, OrderState


@dataclass(frozen=True, slots=True, kw_only=True)
class Returned:
    """What goes back for goods that came back.

    Shape: parts are in the buyer's currency; reclaimed when the authorities give duty and tax back,
    which the vendor bears otherwise; vendor_goods are the same goods at the vendor's own price.
    """

    parts: Amounts
    reclaimed: bool
    vendor_goods: Money


@command("marketplace.orders.choose_refunds")
def choose_refunds(*, group_ref: str, to_wallet: bool, actor: Actor) -> None:
    """Let what comes back of a purchase from now on reach its buyer's wallet, or whatever paid.

    What went back before stays where it is, and while a cardholder disputes the payment all goes to
    what paid. What covers of its parcels give back goes the same way.
    Locks: the group, its policies. Raises: NotFound for another's, NoWalletForRefunds.
    """
    query = select(OrderGroup).where(
        OrderGroup.ref == group_ref, OrderGroup.person_id == actor.person_id
    )
    group = session().execute(query.with_for_update()).scalar_one_or_none()
    if group is None:
        raise NotFound
    group.refund_wallet_id = _wallet_of(group) if to_wallet else None
    parcels = select(VendorOrder.parcel_ref).where(VendorOrder.group_id == group.id)
    cover.choose_refunds(
        parcel_refs=session().scalars(parcels).all(), wallet_id=group.refund_wallet_id, actor=actor
    )


def _wallet_of(group: OrderGroup) -> UUID:
    wallet = bank.wallet_for(owner_id=group.person_id, currency=group.currency)
    if wallet is None:
        raise NoWalletForRefunds(currency=group.currency)
    return wallet.id


@command("marketplace.orders.lock")
def lock(*, order_ref: str, actor: Actor) -> OrderState:
    """Keep an order as it is until the command ends; return its state. Locks: the vendor order."""
    return OrderState(locked(order_ref).state)


@command("marketplace.orders.hold_for_return")
def hold_for_return(*, order_ref: str, actor: Actor) -> None:
    """Pay nothing out of an order while goods of it may come back.

    Locks: the vendor order. Raises: StepNotPossible unless sent, or while it is held already.
    """
    order = locked(order_ref)
    if OrderState(order.state) not in rules.RETURNABLE or order.is_returning:
        raise StepNotPossible
    order.is_returning = True


@command("marketplace.orders.let_go_after_return")
def let_go_after_return(*, order_ref: str, actor: Actor) -> None:
    """Let an order be paid out again whose goods stay where they are. Locks: the vendor order."""
    locked(order_ref).is_returning = False


@command("marketplace.orders.refund_returned")
def refund_returned(*, key: UUID, order_ref: str, back: Returned, actor: Actor) -> Money:
    """Give money back for goods that came back; return how much. The same key, once.

    While the money is kept it comes out of the escrow. After the payout the vendor gives its part
    back and the house its commission; duty and tax come out of what the house owes the authorities
    where those give it back. With the last goods the order is refunded, and what is due to others
    is paid to them.
    Locks: the vendor order, its escrow. Events: VendorOrderRefunded.
    Raises: StepNotPossible for an order that is not with its buyer.
    """
    order, amount = locked(order_ref), back.parts.total
    if session().get(OrderRefund, key) is not None:
        return amount
    state = OrderState(order.state)
    if state not in {OrderState.DELIVERED, OrderState.COMPLETED}:
        raise StepNotPossible
    assert settlement.left(order).less(back.parts).is_whole, "no part goes back twice"
    session().add(_row(key, order, back))
    session().flush()
    order.is_returning = False
    if state is OrderState.DELIVERED:
        settlement.refund(order, amount, "return", actor, key=key)
    else:
        _take_back(key, order, back, actor)
    if not settlement.left(order).goods:
        move(order, OrderState.REFUNDED, actor)
        if state is OrderState.DELIVERED:
            settlement.release_rest(order, with_border=True, actor=actor)
    return amount


def _row(key: UUID, order: VendorOrder, back: Returned) -> OrderRefund:
    before = sum(row.vendor_goods_minor for row in settlement.refunds(order))
    commission = rules.commission_back(
        Money(order.vendor_commission_minor, order.vendor_currency),
        goods=Money(order.vendor_goods_minor, order.vendor_currency),
        before=Money(before, order.vendor_currency),
        after=Money(before, order.vendor_currency) + back.vendor_goods,
    )
    parts = back.parts
    return OrderRefund(
        key=key,
        vendor_order_id=order.id,
        goods_minor=parts.goods.minor,
        freight_minor=parts.freight.minor,
        duty_minor=parts.duty.minor,
        tax_minor=parts.tax.minor,
        fees_minor=parts.fees.minor,
        vendor_goods_minor=back.vendor_goods.minor,
        vendor_commission_minor=commission.minor,
        at=clock.now(),
    )


def _take_back(key: UUID, order: VendorOrder, back: Returned, actor: Actor) -> None:
    """Bring the money together after the payout: from the vendor, the house, the authorities.

    What the vendor gave back of its own accord meanwhile does not go back twice.
    """
    owed = min(back.parts.total, _not_back_yet(order))
    parts = {"duty": back.parts.duty, "tax": back.parts.tax}
    sources = [
        bank.Debit(settlement.PAYABLE[name], part, memo=name)
        for name, part in parts.items()
        if part and back.reclaimed
    ]
    given = total([source.amount for source in sources], order.currency)
    if sources and given <= owed:
        bank.refund_from_payables(
            key=derived_id(key, "border"),
            order_ref=order.ref,
            sources=sources,
            to_wallet_id=settlement.refund_wallet(order),
            actor=actor,
        )
        publish(VendorOrderRefunded(order_ref=order.ref, refunded=given, reason="return_border"))
        owed -= given
    if owed:
        bank.refund_after_release(
            key=key,
            order_ref=order.ref,
            amount=owed,
            to_wallet_id=settlement.refund_wallet(order),
            actor=actor,
            knows_compensated=True,  # the return has asked whoever refunds it
        )


def _not_back_yet(order: VendorOrder) -> Money:
    """Return what of the order's money is not back with its buyer, whoever gave it."""
    moves = bank.moves_of(order_refs=[order.ref])[order.ref]
    back = total([move.amount for move in moves if move.kind == "refunded"], order.currency)
    return bank.escrow_of(order_ref=order.ref).funded - back
