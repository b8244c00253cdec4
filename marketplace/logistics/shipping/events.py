"""What happens to parcels, for whoever wants to know."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ParcelDispatched(Event):
    """The vendor packed; a label is wanted."""

    name: ClassVar[str] = "marketplace.parcel.dispatched.v1"

    parcel_ref: str


@dataclass(frozen=True, kw_only=True)
class ParcelScanned(Event):
    """The carrier took the parcel: its first scan."""

    name: ClassVar[str] = "marketplace.parcel.scanned.v1"

    parcel_ref: str
    at: datetime
    place: str


@dataclass(frozen=True, kw_only=True)
class ParcelHeldAtCustoms(Event):
    """The parcel was shown to customs and waits there."""

    name: ClassVar[str] = "marketplace.parcel.held_at_customs.v1"

    parcel_ref: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ParcelClearedCustoms(Event):
    """Customs let the parcel go."""

    name: ClassVar[str] = "marketplace.parcel.cleared_customs.v1"

    parcel_ref: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ParcelDelivered(Event):
    """The parcel is at the door."""

    name: ClassVar[str] = "marketplace.parcel.delivered.v1"

    parcel_ref: str
    at: datetime


@dataclass(frozen=True, kw_only=True)
class ParcelLost(Event):
    """The carrier gave the parcel up, or nobody has seen it for too long."""

    name: ClassVar[str] = "marketplace.parcel.lost.v1"

    parcel_ref: str
    at: datetime
    evidence: str


@dataclass(frozen=True, kw_only=True)
class ParcelFound(Event):
    """A parcel that was given up was seen again."""

    name: ClassVar[str] = "marketplace.parcel.found.v1"

    parcel_ref: str
    at: datetime
    place: str


@dataclass(frozen=True, kw_only=True)
class ParcelReturned(Event):
    """The parcel goes back to its sender."""

    name: ClassVar[str] = "marketplace.parcel.returned.v1"

    parcel_ref: str
    at: datetime
    reason: str


@dataclass(frozen=True, kw_only=True)
class ParcelLate(Event):
    """The promised day has passed without the parcel, or the parcel came after it."""

    name: ClassVar[str] = "marketplace.parcel.late.v1"

    parcel_ref: str
    promised_on: date
    delivered_on: date | None
