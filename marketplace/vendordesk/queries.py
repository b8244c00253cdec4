"""What a vendor sees first: orders by what they wait for, and the money in its buckets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from banking import api as bank
from kernel.actor import Actor
from kernel.errors import NotFound
from marketplace.orders import queries as orders
from marketplace.orders.queries import PAGE_SIZE, OrderState, VendorOrderView
from marketplace.vendors import queries as vendors
from marketplace.vendors.queries import VendorView

# What a vendor looks for, and the states it means.
VIEWS: dict[str, tuple[OrderState, ...]] = {
    "to-pack": (OrderState.PAID,),
    "under-way": (OrderState.DISPATCHED, OrderState.IN_TRANSIT, OrderState.CUSTOMS),
    "delivered": (OrderState.DELIVERED,),
    "closed": (
        OrderState.COMPLETED,
        OrderState.REFUNDED,
        OrderState.CANCELLED,
        OrderState.LOST,
        OrderState.INDEMNIFIED,
    ),
}


@dataclass(frozen=True, slots=True)
class Desk:
    """The desk's first page.

    Shape: to_pack oldest promise first; buckets and wallets one per currency.
    """

    vendor: VendorView
    to_pack: list[VendorOrderView]
    recent: list[VendorOrderView]
    buckets: list[bank.VendorBucket]
    wallets: list[bank.WalletView]


@dataclass(frozen=True, slots=True)
class OrderList:
    """One view of a vendor's orders."""

    vendor: VendorView
    view: str
    orders: list[VendorOrderView]
    has_more: bool


def desk_for(actor: Actor) -> Desk:
    """Return the actor's desk. Raises: NotAVendor."""
    vendor = vendors.vendor_of(actor)
    buckets = bank.vendor_buckets(organisation_id=vendor.organisation_id)
    waiting = orders.vendor_orders_of(actor, states=VIEWS["to-pack"])
    recent = orders.vendor_orders_of(actor, states=VIEWS["under-way"] + VIEWS["delivered"])
    return Desk(
        vendor=vendor,
        to_pack=sorted(waiting, key=lambda order: order.promised_on),
        recent=recent[:PAGE_SIZE],
        buckets=[
            b
            for b in buckets
            if b.held or b.releasable or b.available or b.in_dispute or b.negative
        ],
        wallets=bank.wallets_of(owner_id=vendor.organisation_id),
    )


def order_list_for(actor: Actor, view: str, before: datetime | None) -> OrderList:
    """Return one view of the actor's orders. Raises: NotAVendor, NotFound."""
    if view not in VIEWS:
        raise NotFound
    found = orders.vendor_orders_of(actor, states=VIEWS[view], before=before)
    return OrderList(
        vendors.vendor_of(actor), view, found[:PAGE_SIZE], has_more=len(found) > PAGE_SIZE
    )
