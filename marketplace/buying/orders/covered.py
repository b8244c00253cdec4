"""Cover that is bought for a parcel after its order was placed."""

from __future__ import annotations

from insurance import api as cover
from kernel.actor import Actor
from kernel.db import command
from marketplace.buying.orders.moving import found_by_parcel
from marketplace.buying.orders.rules import OrderState

_OFF = frozenset({OrderState.CANCELLED, OrderState.REFUNDED})


@command("marketplace.orders.note_covered")
def note_covered(*, parcel_ref: str, level: str, actor: Actor) -> None:
    """Let an order know that its parcel is covered; one that was called off needs no cover.

    A parcel that was not bought here is nobody's order. Locks: the order. Events: PolicyEnded.
    """
    order = found_by_parcel(parcel_ref)
    if order is None:
        return
    if order.state in _OFF:
        cover.cancel_for_parcel(parcel_ref=parcel_ref, reason="order_cancelled", actor=actor)
    else:
        order.cover = order.cover or level
