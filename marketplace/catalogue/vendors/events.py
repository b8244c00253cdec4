"""What others may hear of shops."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class VendorOpened(Event):
    """A shop opened."""

    name: ClassVar[str] = "marketplace.vendor.opened.v1"
    vendor_id: int
    organisation_id: UUID


@dataclass(frozen=True, kw_only=True)
class VendorChanged(Event):
    """A shop's face or status changed; its goods are shown or hidden with it."""

    name: ClassVar[str] = "marketplace.vendor.changed.v1"
    vendor_id: int
    status: str
