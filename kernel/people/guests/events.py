"""Facts about guests."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OrderSought(Event):
    """Somebody looks for an order by its number and an address, which may be nobody's."""

    name: ClassVar[str] = "kernel.guest.order_sought.v1"
    email: str
    ref: str


@dataclass(frozen=True, kw_only=True)
class GuestTaken(Event):
    """An account has taken along what a guest had."""

    name: ClassVar[str] = "kernel.guest.taken.v1"
    guest_id: UUID
    person_id: UUID
