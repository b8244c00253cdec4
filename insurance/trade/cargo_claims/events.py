"""What others may hear of claims for cargo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class CargoClaimOpened(Event):
    """A holder reported a loss. Shape: kind is of `rules.Kind`."""

    name: ClassVar[str] = "insurance.cargo_claim.opened.v1"
    claim_id: UUID
    ref: str
    owner_id: UUID
    kind: str


@dataclass(frozen=True, kw_only=True)
class CargoClaimDecided(Event):
    """Two officers decided. Shape: payable is nothing also where the deductible leaves nothing."""

    name: ClassVar[str] = "insurance.cargo_claim.decided.v1"
    claim_id: UUID
    ref: str
    owner_id: UUID
    is_refused: bool
    payable: Money


@dataclass(frozen=True, kw_only=True)
class CargoClaimPaid(Event):
    """A claim was paid into its holder's wallet."""

    name: ClassVar[str] = "insurance.cargo_claim.paid.v1"
    claim_id: UUID
    ref: str
    owner_id: UUID
    paid: Money
