"""What a business buys is its own risk once it is sent, so its open cover may take it."""

from __future__ import annotations

from sqlalchemy import select

from insurance import api as cover
from kernel.actor import Actor
from kernel.db import command, session
from kernel.money import Money
from marketplace.buying.orders.models import OrderGroup, OrderLine, VendorOrder
from marketplace.buying.orders.moving import locked

_BY_AIR = cover.Mode.EXP


@command("marketplace.orders.declare_to_open_cover")
def declare_to_open_cover(*, order_ref: str, actor: Actor) -> cover.DeclarationView | None:
    """Declare a parcel that was sent to its buyer's open cover; twice is once.

    None for what a person bought for themselves, with cover from the checkout, and without an open
    cover that takes orders. Locks: the vendor order, then as `cover.declare_ordered`.
    """
    order = locked(order_ref)
    group = session().get_one(OrderGroup, order.group_id)
    if group.business_name is None or order.dispatched_at is None:
        return None
    if cover.policy_for_parcel(parcel_ref=order.parcel_ref) is not None:
        return None
    return cover.declare_ordered(
        owner_id=group.person_id,
        ordered=described(
            order, group, Money(order.goods_minor + order.freight_minor, order.currency)
        ),
        actor=actor,
    )


def described(order: VendorOrder, group: OrderGroup, value: Money) -> cover.Ordered:
    """Return a parcel that was sent as an open cover takes it, at what its holder loses with it."""
    assert order.dispatched_at is not None, "what was sent has its instant"
    query = select(OrderLine).where(OrderLine.vendor_order_id == order.id)
    lines = session().scalars(query.order_by(OrderLine.id)).all()
    # The most valuable goods say what the parcel is.
    dearest = max(lines, key=lambda line: line.unit_minor * line.quantity)
    title = dearest.titles.get("en") or next(iter(dearest.titles.values()))
    return cover.Ordered(
        reference=order.ref,
        goods=title[:200],
        hs_code=dearest.hs_code,
        value=value,
        origin_country=order.origin["country"],
        origin=order.origin.get("city") or order.origin["country"],
        destination_country=group.country,
        destination=group.address["city"],
        is_by_air=order.delivery["mode"] == _BY_AIR,
        conveyance=f"{order.delivery['carrier']} {order.parcel_ref}",
        sent_on=order.dispatched_at.date(),
    )
