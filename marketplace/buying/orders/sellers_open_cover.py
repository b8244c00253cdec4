"""What a shop sends to somebody who bought for themselves is its own risk until it is delivered."""

from __future__ import annotations

from insurance import api as cover
from kernel.actor import Actor
from kernel.db import command, session
from marketplace.buying.orders.buyer_cover import described
from marketplace.buying.orders.models import OrderGroup
from marketplace.buying.orders.moving import locked
from marketplace.buying.orders.seller_cover import borne


@command("marketplace.orders.declare_sale_to_open_cover")
def declare_sale_to_open_cover(*, order_ref: str, actor: Actor) -> cover.DeclarationView | None:
    """Declare a parcel that was handed to its carrier to its shop's open cover; twice is once.

    None for what a business bought, whose own loss it is from then on; for a parcel with cover from
    the checkout or by the shop's rules, so that nothing is insured twice; and without an open cover
    of the shop that takes it. Insured is what the shop would be paid, as by its rules.
    Locks: the vendor order, then as `cover.declare_sold`.
    """
    order = locked(order_ref)
    group = session().get_one(OrderGroup, order.group_id)
    if group.business_name is not None or order.dispatched_at is None:
        return None
    for side in (cover.Side.BUYER, cover.Side.SELLER):
        held = cover.policy_for_parcel(parcel_ref=order.parcel_ref, side=side)
        if held is not None and held.is_in_force:
            return None
    return cover.declare_sold(
        shop=order.organisation_id, sold=described(order, group, borne(order)), actor=actor
    )
