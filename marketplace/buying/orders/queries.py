"""Reads of orders: each one fetches and authorises in one go."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Select, SQLColumnExpression, bindparam, func, literal_column, select, tuple_
from sqlalchemy.dialects.postgresql import aggregate_order_by
from sqlalchemy.orm import aliased

from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.errors import NotFound
from kernel.money import Money
from kernel.web.formats import ZONES
from marketplace.buying.orders import settlement
from marketplace.buying.orders.charge_backs import Shortened, shortened
from marketplace.buying.orders.models import (
    OrderGroup,
    OrderLine,
    OrderRefund,
    OrderStep,
    VendorOrder,
)
from marketplace.buying.orders.rules import Amounts, OrderState, release_due, term
from marketplace.buying.orders.seller_cover import SellerParcel, seller_parcels
from marketplace.buying.orders.settlement import refund_key
from marketplace.buying.orders.shapes import (
    GroupView,
    LineView,
    Punctuality,
    RefundTo,
    RefundWay,
    StepView,
    VendorCounts,
    VendorOrderView,
)

# What other rooms read of this one.
__all__ = [
    "CAME_LATE",
    "ZONES_TOLD",
    "Amounts",
    "GroupView",
    "LineView",
    "OrderState",
    "Punctuality",
    "RefundTo",
    "RefundWay",
    "SellerParcel",
    "Shortened",
    "StepView",
    "VendorCounts",
    "VendorOrderView",
    "refund_key",
    "release_due",
    "seller_parcels",
    "shortened",
    "term",
]

PAGE_SIZE = 20

# Whether an order `o` of a group `g` came after its promised day, by the clock of where it went;
# the statement is given ZONES_TOLD as :zones.
CAME_LATE = (
    "CAST(o.delivered_at AT TIME ZONE coalesce(CAST(:zones AS jsonb) ->> g.country, 'UTC') AS date)"
    " > o.promised_on"
)
ZONES_TOLD = json.dumps(ZONES)


def own_group(actor: Actor, ref: str) -> GroupView:
    """Return a buyer's own group. Raises: NotFound for anybody else, operators too."""
    return _one_group(_OWN_GROUP, ref=ref, person_id=actor.person_id)


def group_for(actor: Actor, ref: str) -> GroupView:
    """Return a buyer's own group, or any to an operator. Raises: NotFound for anybody else's."""
    return group_by_ref(ref) if actor.has(Role.OPERATOR) else own_group(actor, ref)


def groups_of(actor: Actor, *, before: datetime | None = None) -> list[GroupView]:
    """Return the actor's own groups, newest first, one page from `before` on."""
    query = (
        select(OrderGroup)
        .where(OrderGroup.person_id == actor.person_id)
        .order_by(OrderGroup.placed_at.desc())
        .limit(PAGE_SIZE + 1)
    )
    if before is not None:
        query = query.where(OrderGroup.placed_at < before)
    with reading() as current:
        groups = list(current.execute(query).scalars())
        ids = [group.id for group in groups]
        whole = select(VendorOrder).where(VendorOrder.group_id.in_(ids))
        orders = _vendor_orders(whole) if ids else []
    by_group: dict[str, list[VendorOrderView]] = defaultdict(list)
    for order in orders:
        by_group[order.group_ref].append(order)
    return [_group_view(group, by_group[group.ref]) for group in groups]


def newest_awaited(actor: Actor, *, states: Collection[OrderState]) -> VendorOrderView | None:
    """Return the order that the actor placed last, is in one of the states, and may still come."""
    query = (
        select(VendorOrder)
        .where(
            OrderGroup.person_id == actor.person_id,
            VendorOrder.state.in_(states),
            VendorOrder.refused_at.is_(None),
        )
        .order_by(OrderGroup.placed_at.desc(), VendorOrder.ref)
        .limit(1)
    )
    return next(iter(_vendor_orders(query)), None)


def orders_of(actor: Actor, *, states: Collection[OrderState]) -> list[VendorOrderView]:
    """Return the actor's own orders in the states, newest first, one page at most."""
    query = (
        select(VendorOrder)
        .where(OrderGroup.person_id == actor.person_id, VendorOrder.state.in_(states))
        .order_by(OrderGroup.placed_at.desc(), VendorOrder.ref)
        .limit(PAGE_SIZE)
    )
    return _vendor_orders(query)


def vendor_order_for(actor: Actor, ref: str) -> VendorOrderView:
    """Return one order to its vendor's staff or an operator. Raises: NotFound."""
    query = select(VendorOrder).where(VendorOrder.ref == ref)
    if not actor.has(Role.OPERATOR):
        query = query.where(VendorOrder.organisation_id.in_(actor.organisation_ids))
    return _one(query)


def bought_order_for(actor: Actor, ref: str) -> VendorOrderView:
    """Return one order to who bought it. Raises: NotFound."""
    return _one(
        select(VendorOrder).where(VendorOrder.ref == ref, OrderGroup.person_id == actor.person_id)
    )


class OrderBy(StrEnum):
    """What a vendor's orders can stand by.

    An index holds the first two over everything; what a vendor receives is reckoned row by row, so
    it may only be asked for where few rows are left: among what is not over.
    """

    PLACED = "placed"
    SHIP_BY = "ship-by"
    RECEIVED = "received"


def vendor_orders_of(
    actor: Actor,
    *,
    states: Iterable[OrderState] = (),
    refs: Collection[str] | None = None,
    with_refused: bool = True,
    days: tuple[date, date] | None = None,
    by: OrderBy = OrderBy.PLACED,
    falls: bool = True,
    after: str = "",
    most: int = PAGE_SIZE + 1,
) -> list[VendorOrderView]:
    """Return orders of the actor's companies, one page from behind the order `after`.

    Shape: the greatest first where `falls`; refs leaves those orders alone, None leaves all; days
    leaves what must be shipped between two days, both included; without what customs refused, only
    what may still come is left.
    """
    by_columns = tuple_(*_standing(by))
    query = _of_companies(actor, states).order_by(
        *(column.desc() if falls else column for column in _standing(by))
    )
    if refs is not None:
        query = query.where(VendorOrder.ref.in_(refs))
    if not with_refused:
        query = query.where(VendorOrder.refused_at.is_(None))
    if days is not None:
        query = query.where(VendorOrder.ship_by_on.between(*days))
    if after:
        place = select(*_standing(by)).where(VendorOrder.ref == after).correlate(None)
        last = place.scalar_subquery()
        query = query.where(by_columns < last if falls else by_columns > last)
    with reading():
        return _vendor_orders(query.limit(most))


def _standing(by: OrderBy) -> tuple[SQLColumnExpression[Any], ...]:
    """Return the columns by which orders stand; the last one parts any two."""
    order = VendorOrder
    if by is OrderBy.SHIP_BY:
        return (order.ship_by_on, order.promised_on, order.placed_at, order.ref)
    if by is OrderBy.RECEIVED:
        return (order.vendor_goods_minor - order.vendor_commission_minor - _NET_BACK, order.ref)
    return (order.placed_at, order.ref)


def vendor_counts(actor: Actor, *, today: date) -> VendorCounts:
    """Return how many orders of the actor's companies are under way, in one query."""
    paid, ship_by = VendorOrder.state == OrderState.PAID, VendorOrder.ship_by_on
    under_way = [OrderState.DISPATCHED, OrderState.IN_TRANSIT, OrderState.CUSTOMS]
    query = _of_companies(
        actor, [OrderState.PAID, *under_way, OrderState.DELIVERED]
    ).with_only_columns(
        func.count().filter(paid),
        func.count().filter(paid, ship_by == today),
        func.count().filter(paid, ship_by < today),
        func.count().filter(VendorOrder.state.in_(under_way), VendorOrder.refused_at.is_(None)),
        func.count().filter(VendorOrder.state == OrderState.DELIVERED),
        func.min(VendorOrder.placed_at).filter(paid),
    )
    with reading() as current:
        return VendorCounts(*current.execute(query).one())


def _of_companies(actor: Actor, states: Iterable[OrderState]) -> Select[VendorOrder]:
    query = select(VendorOrder).where(VendorOrder.organisation_id.in_(actor.organisation_ids))
    wanted = [state.value for state in states]
    return query.where(VendorOrder.state.in_(wanted)) if wanted else query


def by_ref(ref: str) -> VendorOrderView:
    """Return an order for the system's own handlers. Raises: NotFound."""
    return _one(select(VendorOrder).where(VendorOrder.ref == ref))


def by_refs(refs: Collection[str]) -> dict[str, VendorOrderView]:
    """Return orders by reference for pages that have authorised their reader."""
    orders = _vendor_orders(select(VendorOrder).where(VendorOrder.ref.in_(refs))) if refs else []
    return {order.ref: order for order in orders}


def by_parcel(parcel_ref: str) -> VendorOrderView:
    """Return the order of a parcel for the system's own handlers. Raises: NotFound."""
    return _one(select(VendorOrder).where(VendorOrder.parcel_ref == parcel_ref))


def vendors_of_parcels(parcel_refs: Collection[str]) -> dict[str, int]:
    """Return the vendors of parcels by their references, for the system's own handlers."""
    query = select(VendorOrder.parcel_ref, VendorOrder.vendor_id).where(
        VendorOrder.parcel_ref == func.any(list(parcel_refs))
    )
    with reading() as current:
        return {row.parcel_ref: row.vendor_id for row in current.execute(query)}


def group_by_ref(ref: str) -> GroupView:
    """Return a group for the system's own handlers. Raises: NotFound."""
    return _one_group(_GROUP, ref=ref)


def refund_way(group: GroupView) -> RefundWay:
    """Return where refunds of a group go."""
    return settlement.refund_way(group.payment_id, group.wallet_id, group.refund_wallet_id)


def refund_way_of(group_ref: str) -> RefundWay:
    """Return where refunds of a group go, by its reference. Raises: NotFound."""
    query = select(OrderGroup.payment_id, OrderGroup.wallet_id, OrderGroup.refund_wallet_id)
    with reading() as current:
        row = current.execute(query.where(OrderGroup.ref == group_ref)).one_or_none()
        if row is None:
            raise NotFound
        return settlement.refund_way(*row)


def due_for_release(now: datetime, *, held: Sequence[str] = (), limit: int = 200) -> list[str]:
    """Return the references of delivered orders whose window has ended, oldest first.

    Shape: held are orders that wait for something else.
    """
    query = (
        select(VendorOrder.ref)
        .where(
            VendorOrder.state == OrderState.DELIVERED,
            VendorOrder.release_due_at <= now,
            ~VendorOrder.is_returning,
            VendorOrder.ref.not_in(held),
        )
        .order_by(VendorOrder.release_due_at)
        .limit(limit)
    )
    with reading() as current:
        return list(current.execute(query).scalars())


def _one_group(query: _Whole, **asked: object) -> GroupView:
    pairs = _loaded(query, asked)
    if not pairs:
        raise NotFound
    return _group_view(pairs[0][0], [order for _, order in pairs])


def _one(query: Select[VendorOrder]) -> VendorOrderView:
    with reading():
        orders = _vendor_orders(query)
    if not orders:
        raise NotFound
    return orders[0]


# An order's states since it was placed: with the order itself, since every reader tells them.
_HISTORY = (
    select(
        func.jsonb_agg(
            aggregate_order_by(func.jsonb_build_array(OrderStep.state, OrderStep.at), OrderStep.id)
        )
    )
    .where(OrderStep.vendor_order_id == VendorOrder.id)
    .scalar_subquery()
)


# Its goods, for the same reason: a page of an order asks much else.
_line = aliased(OrderLine, name="line")
_LINES = (
    select(func.jsonb_agg(aggregate_order_by(func.to_jsonb(literal_column("line")), _line.id)))
    .where(_line.vendor_order_id == VendorOrder.id)
    .scalar_subquery()
)
# What returned goods took from the vendor: its price, and the commission that came with it.
_BACK = (
    select(
        func.jsonb_build_array(
            func.coalesce(func.sum(OrderRefund.vendor_goods_minor), 0),
            func.coalesce(func.sum(OrderRefund.vendor_commission_minor), 0),
        )
    )
    .where(OrderRefund.vendor_order_id == VendorOrder.id)
    .scalar_subquery()
)
_NET_BACK = (
    select(
        func.coalesce(
            func.sum(OrderRefund.vendor_goods_minor - OrderRefund.vendor_commission_minor), 0
        )
    )
    .where(OrderRefund.vendor_order_id == VendorOrder.id)
    .scalar_subquery()
)


def _vendor_orders(query: Select[VendorOrder]) -> list[VendorOrderView]:
    return [order for _, order in _loaded(_whole(query))]


_Whole = Select[VendorOrder, OrderGroup, Any, Any, Any]


def _whole(query: Select[VendorOrder]) -> _Whole:
    """Return the query of orders with group, history and lines: one statement, however many."""
    joined = query.join(OrderGroup, OrderGroup.id == VendorOrder.group_id)
    return joined.add_columns(OrderGroup, _HISTORY, _BACK, _LINES)


# Put together once: a query of so many columns takes longer to be written than to be answered.
_GROUP = _whole(select(VendorOrder).where(OrderGroup.ref == bindparam("ref")))
_OWN_GROUP = _GROUP.where(OrderGroup.person_id == bindparam("person_id"))


def _loaded(
    query: _Whole, asked: Mapping[str, object] | None = None
) -> list[tuple[OrderGroup, VendorOrderView]]:
    with reading() as current:
        rows = current.execute(query, asked).all()
    return [
        (group, _view(order, group, _lines_of(order, lines), _steps(history), back))
        for order, group, history, back, lines in rows
    ]


def _lines_of(order: VendorOrder, lines: Sequence[Mapping[str, Any]] | None) -> list[LineView]:
    return [_line_view(line, order.currency, order.vendor_currency) for line in lines or ()]


def _steps(history: Sequence[tuple[str, str]] | None) -> list[StepView]:
    return [StepView(OrderState(state), datetime.fromisoformat(at)) for state, at in history or ()]


def _line_view(line: Mapping[str, Any], currency: str, vendor_currency: str) -> LineView:
    fields = {
        name: line[name]
        for name in (
            "id",
            "offer_id",
            "product_ref",
            "sku",
            "titles",
            "options",
            "picture",
            "quantity",
            "hs_code",
            "origin_country",
            "weight_g",
            "hazards",
        )
    }
    unit = Money(line["unit_minor"], currency)
    return LineView(
        **fields,
        unit=unit,
        total=unit.times(line["quantity"]),
        vendor_unit=Money(line["vendor_unit_minor"], vendor_currency),
    )


def _view(
    order: VendorOrder,
    group: OrderGroup,
    lines: list[LineView],
    history: list[StepView],
    back: Sequence[int],
) -> VendorOrderView:
    def buyer(part: str) -> Money:
        return Money(getattr(order, f"{part}_minor"), order.currency)

    return VendorOrderView(
        id=order.id,
        ref=order.ref,
        group_ref=group.ref,
        vendor_id=order.vendor_id,
        organisation_id=order.organisation_id,
        state=OrderState(order.state),
        goods=buyer("goods"),
        freight=buyer("freight"),
        duty=buyer("duty"),
        tax=buyer("tax"),
        fees=buyer("fees"),
        total=buyer("total"),
        vendor_goods=Money(order.vendor_goods_minor, order.vendor_currency),
        vendor_commission=Money(order.vendor_commission_minor, order.vendor_currency),
        vendor_back=Money(back[0], order.vendor_currency),
        commission_back=Money(back[1], order.vendor_currency),
        is_returning=order.is_returning,
        rate_quote_id=order.rate_quote_id,
        insurance_quote_id=order.insurance_quote_id,
        customs_quote_id=order.customs_quote_id,
        cover=order.cover,
        delivery=order.delivery,
        steps=order.steps,
        ship_by_on=order.ship_by_on,
        promised_on=order.promised_on,
        delay_told_at=order.delay_told_at,
        refused_at=order.refused_at,
        parcel_ref=order.parcel_ref,
        placed_at=order.placed_at,
        dispatched_at=order.dispatched_at,
        delivered_at=order.delivered_at,
        release_due_at=order.release_due_at,
        closed_at=order.closed_at,
        lines=tuple(lines),
        history=tuple(history),
        address=group.address,
        country=group.country,
        business_name=group.business_name,
    )


def _group_view(group: OrderGroup, orders: list[VendorOrderView]) -> GroupView:
    return GroupView(
        ref=group.ref,
        person_id=group.person_id,
        wallet_id=group.wallet_id,
        payment_id=group.payment_id,
        refund_wallet_id=group.refund_wallet_id,
        country=group.country,
        locale=group.locale,
        address=group.address,
        business_name=group.business_name,
        premium=Money(group.premium_minor, group.currency),
        total=Money(group.total_minor, group.currency),
        placed_at=group.placed_at,
        orders=tuple(sorted(orders, key=lambda order: order.ref)),
    )


def parts_of(order_ref: str) -> tuple[Amounts, Amounts]:
    """Return what the buyer of an order paid, and what of it has not come back for returned goods.

    Raises: NotFound.
    """
    query = select(VendorOrder).where(VendorOrder.ref == order_ref)
    with reading() as current:
        order = current.execute(query).scalar_one_or_none()
        if order is None:
            raise NotFound
        return settlement.paid(order), settlement.left(order)
