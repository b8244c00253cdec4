"""What tracking hangs into other pages: the parcel one waits for, and money held for orders."""

from __future__ import annotations

from dataclasses import dataclass

from banking import api as bank
from kernel.actor import Actor
from kernel.manifest import Slot
from kernel.money import Money
from marketplace.aftersales.tracking.queries import under_way
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders.queries import OrderState, VendorOrderView

_HELD = (
    OrderState.PAID,
    OrderState.DISPATCHED,
    OrderState.IN_TRANSIT,
    OrderState.CUSTOMS,
    OrderState.DELIVERED,
    OrderState.LOST,
)


@dataclass(frozen=True, slots=True)
class HeldMoney:
    """What the bank keeps for an order until the goods have reached their buyer."""

    order: VendorOrderView
    amount: Money


def held_for_orders(actor: Actor) -> list[HeldMoney] | None:
    """Return the money held for the actor's orders, newest first; None without any."""
    if not actor.is_signed_in:
        return None
    waiting = orders.orders_of(actor, states=_HELD)
    escrows = bank.escrows_of(order_refs=[order.ref for order in waiting]) if waiting else {}
    held = [
        HeldMoney(order, escrows[order.ref].remaining)
        for order in waiting
        if order.ref in escrows and escrows[order.ref].remaining
    ]
    return held or None


SLOTS = (
    Slot("home", "marketplace/aftersales/tracking/_tile.html", under_way, order=10),
    Slot("bank_held", "marketplace/aftersales/tracking/_held.html", held_for_orders, order=10),
)
