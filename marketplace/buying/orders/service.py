"""Commands of orders: place, hand over, follow the parcel, settle."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from insurance import api as cover
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import command, session
from kernel.errors import NotFound
from kernel.events import publish
from kernel.ids import new_id
from kernel.money import Money
from kernel.people.guests import service as guests
from kernel.statements import read_sql
from marketplace.buying.orders import rules, settlement
from marketplace.buying.orders.errors import NotCancellable, StepNotPossible
from marketplace.buying.orders.events import (
    OrderPlaced,
    VendorOrderDelayed,
    VendorOrderDelivered,
    VendorOrderDispatched,
    VendorOrderRefunded,
)
from marketplace.buying.orders.losing import (
    found,
    note_found,
    note_kept,
    note_lost,
    settle_insured_loss,
)
from marketplace.buying.orders.models import OrderGroup, OrderLine, VendorOrder
from marketplace.buying.orders.moving import locked, locked_by_parcel, move
from marketplace.buying.orders.refunding import (
    Returned,
    choose_refunds,
    hold_for_return,
    let_go_after_return,
    lock,
    refund_returned,
)
from marketplace.buying.orders.rules import (
    Amounts,
    GroupDraft,
    LineDraft,
    OrderDraft,
    OrderState,
    order_ref,
)
from marketplace.buying.orders.seller_cover import cover_for_seller
from marketplace.catalogue.inventory import service as inventory
from marketplace.logistics.carriers.queries import Load
from marketplace.logistics.shipping import service as shipping

__all__ = [
    "Amounts",
    "GroupDraft",
    "LineDraft",
    "OrderDraft",
    "Returned",
    "choose_refunds",
    "cover_for_seller",
    "hold_for_return",
    "let_go_after_return",
    "lock",
    "note_found",
    "note_kept",
    "note_lost",
    "order_ref",
    "refund_returned",
    "settle_insured_loss",
]

_PLACE = text(read_sql(__file__, "place"))


@command("marketplace.orders.place")
def place(*, draft: GroupDraft, actor: Actor) -> None:
    """Write a paid group with its vendor orders; the caller moved the money in the same commit.

    Events: OrderPlaced.
    """
    now, ids = clock.now(), {order.ref: new_id() for order in draft.orders}
    may_be_insured = session().scalar(
        _PLACE,
        {
            "id": new_id(),
            "ref": draft.ref,
            "checkout_ref": draft.checkout_ref,
            "person_id": draft.person_id,
            "wallet_id": draft.wallet_id,
            "payment_id": draft.payment_id,
            "currency": draft.premium.currency,
            "country": draft.country,
            "locale": draft.locale,
            "address": _json(draft.address),
            "business_name": draft.business_name,
            "premium_minor": draft.premium.minor,
            "total_minor": draft.total.minor,
            "now": now,
            "day": now.date(),
            "everywhere": cover.EVERYWHERE,
            "state": OrderState.PAID.value,
            "actor": actor.label,
            "orders": _json([_order(order, ids[order.ref], now) for order in draft.orders]),
            "lines": _json(
                [_line(line, ids[order.ref]) for order in draft.orders for line in order.lines]
            ),
        },
    )
    guests.note_purchase(person_id=draft.person_id, actor=actor)
    publish(
        OrderPlaced(
            group_ref=draft.ref,
            person_id=draft.person_id,
            total=draft.total,
            vendor_order_refs=[order.ref for order in draft.orders],
            may_be_insured=bool(may_be_insured),
        )
    )


def _order(draft: OrderDraft, order_id: UUID, now: datetime) -> dict[str, Any]:
    amounts, goods = draft.amounts, draft.vendor_goods
    rate = rules.term("commission_bp", now.date())
    return {
        "id": order_id,
        "ref": draft.ref,
        "vendor_id": draft.vendor_id,
        "organisation_id": draft.organisation_id,
        "goods_minor": amounts.goods.minor,
        "freight_minor": amounts.freight.minor,
        "duty_minor": amounts.duty.minor,
        "tax_minor": amounts.tax.minor,
        "fees_minor": amounts.fees.minor,
        "total_minor": amounts.total.minor,
        "vendor_currency": goods.currency,
        "vendor_goods_minor": goods.minor,
        "vendor_commission_minor": rules.commission(goods, rate).minor,
        "commission_term": f"{rate} bp, {now.date().isoformat()}",
        "rate_quote_id": draft.rate_quote_id,
        "customs_quote_id": draft.customs_quote_id,
        "insurance_quote_id": draft.insurance_quote_id,
        "cover": draft.cover,
        "delivery": draft.delivery,
        "steps": draft.steps,
        "ship_by_on": draft.delivery["hand_over_on"],
        "promised_on": draft.promised_on,
        "parcel_ref": draft.parcel_ref,
        "origin": draft.origin,
    }


def _line(draft: LineDraft, order_id: UUID) -> dict[str, Any]:
    return {
        "vendor_order_id": order_id,
        "offer_id": draft.offer_id,
        "product_ref": draft.product_ref,
        "sku": draft.sku,
        "titles": draft.titles,
        "options": draft.options,
        "picture": draft.picture,
        "quantity": draft.quantity,
        "unit_minor": draft.unit.minor,
        "vendor_unit_minor": draft.vendor_unit.minor,
        "hs_code": draft.hs_code,
        "origin_country": draft.origin_country,
        "weight_g": draft.weight_g,
        "hazards": draft.hazards,
    }


def _json(told: object) -> str:
    return json.dumps(told, ensure_ascii=False, default=_written)


def _written(value: object) -> str:
    assert isinstance(value, UUID | date), "snapshots are plain values"
    return str(value)


@command("marketplace.orders.dispatch")
def dispatch(*, order_ref: str, actor: Actor) -> str:
    """Pack a paid order: stock leaves, the carrier is told; return the parcel's reference.

    Twice is once: a dispatched order answers with its parcel.
    Locks: the vendor order, its stock rows. Events: VendorOrderDispatched.
    Raises: StepNotPossible, NotFound for another vendor's order.
    """
    order = locked(order_ref)
    if order.organisation_id not in actor.organisation_ids and not actor.has(Role.SYSTEM):
        raise NotFound
    if order.dispatched_at is not None:
        return order.parcel_ref
    move(order, OrderState.DISPATCHED, actor)
    order.dispatched_at = clock.now()
    inventory.ship(order_ref=order.ref, actor=actor)
    group, lines = session().get_one(OrderGroup, order.group_id), _lines(order)
    shipping.dispatch(
        parcel_ref=order.parcel_ref,
        vendor_order_ref=order.ref,
        option_code=order.delivery["code"],
        origin=order.origin,
        destination=group.address,
        load=Load(
            sum(line.weight_g * line.quantity for line in lines),
            frozenset(hazard for line in lines for hazard in line.hazards),
        ),
        promised_on=order.promised_on,
        customs_quote_id=order.customs_quote_id,
        actor=actor,
    )
    publish(VendorOrderDispatched(order_ref=order.ref, parcel_ref=order.parcel_ref))
    return order.parcel_ref


@command("marketplace.orders.dispatch_all")
def dispatch_all(*, order_refs: Sequence[str], actor: Actor) -> int:
    """Pack several paid orders at once, all or none; return how many there were.

    Locks: as for each, in order of reference. Raises: as for each.
    """
    wanted = sorted(set(order_refs))
    for ref in wanted:
        dispatch(order_ref=ref, actor=actor)
    return len(wanted)


@command("marketplace.orders.note_delayed")
def note_delayed(*, order_ref: str, actor: Actor) -> None:
    """Tell once that goods nobody has packed cannot come in time any more.

    Locks: the vendor order. Events: VendorOrderDelayed.
    """
    order = locked(order_ref)
    if order.state == OrderState.PAID and order.delay_told_at is None:
        order.delay_told_at = clock.now()
        publish(VendorOrderDelayed(order_ref=order.ref))


@command("marketplace.orders.note_scanned")
def note_scanned(
    *,
    parcel_ref: str,
    at: datetime,
    place: str,
    carrier: str = "",
    tracking_number: str = "",
    weight_g: int = 0,
    actor: Actor,
) -> None:
    """Set a parcel that the carrier took on its way, and begin its cover. Units: grams."""
    order = locked_by_parcel(parcel_ref)
    if order.state == OrderState.DISPATCHED:
        move(order, OrderState.IN_TRANSIT, actor)
    cover.attach(
        parcel_ref=parcel_ref,
        scanned_at=at,
        place=place,
        carrier=carrier,
        tracking_number=tracking_number,
        weight_g=weight_g,
        actor=actor,
    )


@command("marketplace.orders.note_customs")
def note_customs(*, parcel_ref: str, is_cleared: bool, actor: Actor) -> None:
    """Follow customs holding a parcel or letting it go; late and repeated news changes nothing."""
    order = locked_by_parcel(parcel_ref)
    target = OrderState.IN_TRANSIT if is_cleared else OrderState.CUSTOMS
    if order.state != target and rules.may_follow(OrderState(order.state), target):
        move(order, target, actor)


@command("marketplace.orders.note_refused")
def note_refused(*, parcel_ref: str, actor: Actor) -> None:
    """Note that customs does not let a parcel in; it turns round once it is there.

    Locks: the vendor order.
    """
    order = locked_by_parcel(parcel_ref)
    if OrderState(order.state) in rules.UNDER_WAY and order.refused_at is None:
        order.refused_at = clock.now()


@command("marketplace.orders.note_delivered")
def note_delivered(*, parcel_ref: str, at: datetime, actor: Actor) -> None:
    """Begin the buyer's time to look at the goods that arrived.

    Events: VendorOrderDelivered.
    """
    order = locked_by_parcel(parcel_ref)
    if order.delivered_at is not None:
        return
    if OrderState(order.state) in rules.GIVEN_UP:
        door = session().get_one(OrderGroup, order.group_id).address["city"]
        outcome = found(order, at, door, is_arrived=True, actor=actor)
        if outcome is not cover.Found.LOSS_TAKEN_BACK:
            return
    elif OrderState(order.state) not in rules.UNDER_WAY:
        return
    _catch_up(order, OrderState.DELIVERED, actor)
    order.delivered_at = at
    order.release_due_at = rules.release_due(at, clock.today())
    cover.parcel_delivered(parcel_ref=parcel_ref, at=at, actor=actor)
    publish(VendorOrderDelivered(order_ref=order.ref))


@command("marketplace.orders.note_returned")
def note_returned(*, parcel_ref: str, actor: Actor) -> None:
    """Give the hold of a parcel that went back to its vendor (refused at the border) back.

    Events: VendorOrderRefunded.
    """
    order = locked_by_parcel(parcel_ref)
    if OrderState(order.state) not in rules.UNDER_WAY:
        return
    if order.state == OrderState.DISPATCHED:
        move(order, OrderState.IN_TRANSIT, actor)
    _refund_all(order, OrderState.REFUNDED, "returned", actor)
    cover.parcel_returned(parcel_ref=parcel_ref, at=clock.now(), actor=actor)


@command("marketplace.orders.note_assessed")
def note_assessed(*, parcel_ref: str, quoted: Money, assessed: Money, actor: Actor) -> None:
    """Give the buyer what was promised and customs did not take, however late customs tells it.

    A shortfall is the house's, booked as its own loss: the promise was guaranteed.
    Locks: the vendor order. Events: VendorOrderRefunded.
    """
    order = locked_by_parcel(parcel_ref)
    if assessed > quoted:
        settlement.bear(order, assessed - quoted, actor)
    elif assessed < quoted:
        settlement.give_surplus_back(order, quoted=quoted, assessed=assessed, actor=actor)


@command("marketplace.orders.complete")
def complete(*, order_ref: str, actor: Actor) -> None:
    """Release the hold of a delivered order to vendor, carrier, customs and house.

    Events: VendorOrderCompleted. Raises: StepNotPossible before the inspection window ended, and
    while goods may come back.
    """
    order = locked(order_ref)
    if order.state == OrderState.COMPLETED:
        return
    due = order.release_due_at
    is_due = order.state == OrderState.DELIVERED and due is not None and clock.now() >= due
    if not is_due or order.is_returning:
        raise StepNotPossible
    _pay_out(order, OrderState.COMPLETED, with_border=True, actor=actor)


@command("marketplace.orders.note_paid_back")
def note_paid_back(*, order_ref: str, refunded: Money, is_all: bool, actor: Actor) -> None:
    """Note that money of a settled order went back; with the last of it the order is refunded.

    Events: VendorOrderRefunded.
    """
    order = locked(order_ref)
    if is_all and order.state == OrderState.COMPLETED:
        move(order, OrderState.REFUNDED, actor)
    publish(VendorOrderRefunded(order_ref=order.ref, refunded=refunded, reason="paid_back"))


@command("marketplace.orders.confirm_receipt")
def confirm_receipt(*, order_ref: str, actor: Actor) -> None:
    """Free the money now that the buyer is content, not at the window's end.

    Raises: NotFound for another's order, StepNotPossible unless delivered, and while goods may
    come back.
    """
    order = locked(order_ref)
    group = session().get_one(OrderGroup, order.group_id)
    if group.person_id != actor.person_id:
        raise NotFound
    if order.state != OrderState.DELIVERED or order.is_returning:
        raise StepNotPossible
    _pay_out(order, OrderState.COMPLETED, with_border=True, actor=actor)


@command("marketplace.orders.cancel")
def cancel(*, order_ref: str, actor: Actor) -> None:
    """Undo an order nobody has packed yet: money, stock and cover go back.

    Events: VendorOrderRefunded. Raises: NotFound for another's order, NotCancellable.
    """
    order = locked(order_ref)
    group = session().get_one(OrderGroup, order.group_id)
    is_party = group.person_id == actor.person_id or order.organisation_id in actor.organisation_ids
    if not is_party and not actor.has(Role.OPERATOR):
        raise NotFound
    if order.state != OrderState.PAID:
        raise NotCancellable
    _undo(order, actor)


@command("marketplace.orders.end_charged_back")
def end_charged_back(*, order_ref: str, actor: Actor) -> None:
    """Undo an order nobody has packed yet, of which a card's bank took all the money.

    One that was sent goes on: its parcel arrives, and there is nothing left to pay out.
    """
    order = locked(order_ref)
    if order.state == OrderState.PAID:
        _undo(order, actor)


def _undo(order: VendorOrder, actor: Actor) -> None:
    """Give back money, stock and cover of an order nobody has packed yet."""
    inventory.deallocate(order_ref=order.ref, actor=actor)
    # Its buyer's and its shop's, whichever there are.
    cover.cancel_for_parcel(parcel_ref=order.parcel_ref, reason="order_cancelled", actor=actor)
    _refund_all(order, OrderState.CANCELLED, "cancelled", actor)


def _lines(order: VendorOrder) -> Sequence[OrderLine]:
    query = select(OrderLine).where(OrderLine.vendor_order_id == order.id)
    return session().execute(query).scalars().all()


def _catch_up(order: VendorOrder, state: OrderState, actor: Actor) -> None:
    # News arrives in any order: a delivery may be told before the first scan.
    if order.state == OrderState.DISPATCHED:
        move(order, OrderState.IN_TRANSIT, actor)
    move(order, state, actor)


def _refund_all(order: VendorOrder, state: OrderState, reason: str, actor: Actor) -> None:
    move(order, state, actor)
    settlement.refund_rest(order, reason, actor)


def _pay_out(order: VendorOrder, state: OrderState, *, with_border: bool, actor: Actor) -> None:
    move(order, state, actor)
    settlement.pay_out(order, with_border=with_border, actor=actor)
