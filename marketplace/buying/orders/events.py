"""Facts about orders."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class OrderPlaced(Event):
    """A buyer paid for a group of vendor orders.

    Shape: may_be_insured is whether a shop among them has a rule to insure what it sends there.
    """

    name: ClassVar[str] = "marketplace.order.placed.v1"
    group_ref: str
    person_id: UUID
    total: Money
    vendor_order_refs: list[str]
    may_be_insured: bool = False


@dataclass(frozen=True, kw_only=True)
class VendorOrderDispatched(Event):
    """The vendor packed and asked the carrier to come."""

    name: ClassVar[str] = "marketplace.vendor_order.dispatched.v1"
    order_ref: str
    parcel_ref: str


@dataclass(frozen=True, kw_only=True)
class VendorOrderDelayed(Event):
    """Nobody has packed the goods, and they cannot come in time any more."""

    name: ClassVar[str] = "marketplace.vendor_order.delayed.v1"
    order_ref: str


@dataclass(frozen=True, kw_only=True)
class VendorOrderDelivered(Event):
    """The goods are at the buyer's door; the time to look at them runs."""

    name: ClassVar[str] = "marketplace.vendor_order.delivered.v1"
    order_ref: str


@dataclass(frozen=True, kw_only=True)
class VendorOrderCompleted(Event):
    """The money went to whom it belongs."""

    name: ClassVar[str] = "marketplace.vendor_order.completed.v1"
    order_ref: str
    paid_to_vendor: Money


@dataclass(frozen=True, kw_only=True)
class VendorOrderLost(Event):
    """The carrier lost the parcel."""

    name: ClassVar[str] = "marketplace.vendor_order.lost.v1"
    order_ref: str


@dataclass(frozen=True, kw_only=True)
class VendorOrderRefunded(Event):
    """Money went back to the buyer, what was held or, by reason `paid_back`, what was paid out."""

    name: ClassVar[str] = "marketplace.vendor_order.refunded.v1"
    order_ref: str
    refunded: Money
    reason: str
