"""What others may hear of cargo."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class CargoBound(Event):
    """A shipment was insured and its premium paid."""

    name: ClassVar[str] = "insurance.cargo.bound.v1"
    policy_id: UUID
    number: str
    owner_id: UUID
    premium: Money
    sum_insured: Money


@dataclass(frozen=True, kw_only=True)
class CargoChanged(Event):
    """A change was done as it was shown. Shape: kind is of `rules.Kind`."""

    name: ClassVar[str] = "insurance.cargo.changed.v1"
    ref: str
    kind: str
    policy_id: UUID
    number: str
    owner_id: UUID
    paid: Money
    refund: Money


@dataclass(frozen=True, kw_only=True)
class CargoEnded(Event):
    """A cover of cargo has ended. Shape: state is of `rules.CargoState`."""

    name: ClassVar[str] = "insurance.cargo.ended.v1"
    policy_id: UUID
    number: str
    owner_id: UUID
    state: str
