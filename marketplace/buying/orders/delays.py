"""Orders that nobody has packed and that cannot come in time any more."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import select

from kernel.db import reading
from kernel.web.formats import day_in
from marketplace.buying.orders.models import OrderGroup, VendorOrder
from marketplace.buying.orders.rules import OrderState
from marketplace.logistics.carriers import queries as carriers


def delayed(*, at: datetime) -> list[str]:
    """Return the orders that come late for certain and whose buyers were not told, oldest first.

    They do once they would miss their promised day even if they left today and were as fast as
    they could be. Today is the day where they go, up to half a day before or after it is in UTC.
    """
    query = (
        select(VendorOrder, OrderGroup.country)
        .join(OrderGroup, OrderGroup.id == VendorOrder.group_id)
        .where(
            VendorOrder.state == OrderState.PAID,
            VendorOrder.ship_by_on <= at.date(),
            VendorOrder.delay_told_at.is_(None),
        )
        .order_by(VendorOrder.ship_by_on, VendorOrder.ref)
    )
    with reading() as current:
        return [
            order.ref
            for order, country in current.execute(query)
            if _arrives_on(order, day_in(country, at)) > order.promised_on
        ]


def _arrives_on(order: VendorOrder, today: date) -> date:
    return carriers.soonest(
        on=today,
        hand_over_on=order.ship_by_on,
        min_on=date.fromisoformat(order.delivery["min_on"]),
    )
