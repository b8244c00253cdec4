"""What others may hear of reports and decisions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ListingReported(Event):
    """Somebody reported a listing."""

    name: ClassVar[str] = "marketplace.listing.reported.v1"
    report_ref: str


@dataclass(frozen=True, kw_only=True)
class ListingDecided(Event):
    """An operator decided on the reports of a listing."""

    name: ClassVar[str] = "marketplace.listing.decided.v1"
    decision_ref: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ObjectionDecided(Event):
    """Another operator looked again at a decision. Shape: stands when it stays."""

    name: ClassVar[str] = "marketplace.objection.decided.v1"
    decision_ref: str
    stands: bool
