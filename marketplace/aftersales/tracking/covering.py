"""Cover for a parcel of an order after it was placed, and who knows whether it was scanned."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from insurance import api as cover
from kernel.actor import Actor
from kernel.db import reading
from kernel.errors import NotFound
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders.queries import OrderState, VendorOrderView
from marketplace.catalogue.vendors import queries as vendors
from marketplace.logistics.carriers.gateway import carrier
from marketplace.logistics.shipping import queries as shipping
from marketplace.logistics.shipping.queries import ParcelState

# Until the carrier has a parcel; which of these orders are packed makes no difference.
INSURABLE = frozenset({OrderState.PAID, OrderState.DISPATCHED})
_NOT_YET = frozenset({ParcelState.ORDERED, ParcelState.LABELLED})


def may_be_insured(order: VendorOrderView, policy: cover.PolicyView | None) -> bool:
    """Whether cover can be added to an order's parcel, as far as its page knows."""
    return policy is None and order.insurance_quote_id is not None and order.state in INSURABLE


def ask(*, ref: str, order_ref: str, actor: Actor) -> cover.ShipmentView:
    """Price cover for a parcel of an order of one's own, as the checkout would.

    The carrier is asked outside of any transaction. Raises: NotFound, TrackingDown.
    """
    with reading():
        group = orders.own_group(actor, ref)
    order = next((one for one in group.orders if one.ref == order_ref), None)
    if order is None or order.insurance_quote_id is None:
        raise NotFound
    return cover.ask_own(
        quote_id=order.insurance_quote_id,
        parcel_ref=order.parcel_ref,
        order_ref=order.ref,
        weight_g=sum(line.weight_g * line.quantity for line in order.lines),
        promised_on=order.promised_on,
        actor=actor,
    )


def first_scan(parcel_ref: str) -> datetime | None:
    """Return when a parcel was scanned first, asking its carrier; None for what is not ours.

    Raises: CarrierDown.
    """
    with reading():
        parcel = shipping.find_parcels(parcel_refs=[parcel_ref]).get(parcel_ref)
    if parcel is None or parcel.tracking_number is None:
        return None
    if parcel.scanned_at is not None:
        return parcel.scanned_at
    scans = carrier().scans([parcel.tracking_number]).get(parcel.tracking_number, [])
    return min((scan.at for scan in scans if scan.state not in _NOT_YET), default=None)


def sellers_of(parcel_ref: str) -> list[UUID]:
    """Return the company that sold a parcel, nothing for what is not ours."""
    try:
        return [orders.by_parcel(parcel_ref).organisation_id]
    except NotFound:
        return []


def own_parcel(number: str, actor: Actor) -> cover.OwnParcel:
    """Return whether a tracking number is of a parcel of the shop; its order to its buyer alone."""
    parcel_ref = shipping.parcel_of_number(number)
    if parcel_ref is None:
        return cover.OwnParcel()
    order = orders.by_parcel(parcel_ref)
    if orders.group_by_ref(order.group_ref).person_id != actor.person_id:
        return cover.OwnParcel(is_known=True)
    return cover.OwnParcel(
        is_known=True, endpoint="orders.detail", ref=order.group_ref, anchor=order.ref
    )


cover.let_orders_know(own_parcel)
cover.let_orders_tell(first_scan)


def names_of(shops: Collection[int]) -> dict[int, str]:
    """Return the names of shops by their numbers."""
    return {number: shop.name for number, shop in vendors.vendors(set(shops)).items()}


cover.let_orders_name_sellers(sellers_of)
cover.let_orders_know_shops(orders.vendors_of_parcels)
cover.let_orders_name_shops(names_of)
