"""What others may hear of changes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class CoverOffered(Event):
    """Somebody may take a policy over. Shape: taker_id is who is asked."""

    name: ClassVar[str] = "insurance.change.offered.v1"
    ref: str
    number: str
    taker_id: UUID


@dataclass(frozen=True, kw_only=True)
class PolicyChanged(Event):
    """A change was done as it was shown.

    Shape: kind is of `rules.Kind`; holder_id held the policy until then, taker_id holds it from now
    on where it was handed over.
    """

    name: ClassVar[str] = "insurance.change.done.v1"
    ref: str
    kind: str
    policy_id: UUID
    number: str
    holder_id: UUID
    taker_id: UUID | None
    paid: Money
    refund: Money
