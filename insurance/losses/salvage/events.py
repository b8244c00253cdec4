"""What others may hear of found parcels."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class RecoveryOpened(Event):
    """A parcel that was paid for as lost came to light on its way."""

    name: ClassVar[str] = "insurance.recovery.opened.v1"
    ref: str
    policyholder_id: UUID
    parcel_ref: str


@dataclass(frozen=True, kw_only=True)
class RecoveryArrived(Event):
    """A found parcel is with the holder of the policy, who may choose now."""

    name: ClassVar[str] = "insurance.recovery.arrived.v2"
    ref: str
    policyholder_id: UUID
    parcel_ref: str
    choose_by: datetime
    repayment: Money


@dataclass(frozen=True, kw_only=True)
class GoodsKept(Event):
    """The holder kept found goods and paid the indemnity back."""

    name: ClassVar[str] = "insurance.recovery.kept.v1"
    ref: str
    policyholder_id: UUID
    parcel_ref: str
    repaid: Money


@dataclass(frozen=True, kw_only=True)
class GoodsSurrendered(Event):
    """Found goods belong to the insurer; the indemnity stays with the holder."""

    name: ClassVar[str] = "insurance.recovery.surrendered.v1"
    ref: str
    policyholder_id: UUID
    parcel_ref: str
    is_with_holder: bool
