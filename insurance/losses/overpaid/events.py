"""What others may hear of losses that were paid twice."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class PaidTwice(Event):
    """Somebody paid a loss that the cover had paid; its holder is asked for the part too much."""

    name: ClassVar[str] = "insurance.overpayment.opened.v1"
    ref: str
    claim_ref: str
    policyholder_id: UUID
    came_from: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class OverpaymentReturned(Event):
    """A holder gave back what was paid twice."""

    name: ClassVar[str] = "insurance.overpayment.returned.v1"
    ref: str
    claim_ref: str
    policyholder_id: UUID
    amount: Money


@dataclass(frozen=True, kw_only=True)
class OverpaymentDropped(Event):
    """Two underwriters ask for nothing any more; the holder keeps the money."""

    name: ClassVar[str] = "insurance.overpayment.dropped.v1"
    ref: str
    claim_ref: str
    policyholder_id: UUID
    reason: str
