"""What others may hear of reviews."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ReviewWritten(Event):
    """A buyer reviewed goods."""

    name: ClassVar[str] = "marketplace.review.written.v1"
    review_ref: str


@dataclass(frozen=True, kw_only=True)
class ReviewAnswered(Event):
    """The seller answered a review for the first time."""

    name: ClassVar[str] = "marketplace.review.answered.v1"
    review_ref: str


@dataclass(frozen=True, kw_only=True)
class ReviewReworded(Event):
    """A review or its answer says something else than before."""

    name: ClassVar[str] = "marketplace.review.reworded.v1"
    review_ref: str


@dataclass(frozen=True, kw_only=True)
class ReviewReported(Event):
    """Somebody reported a review."""

    name: ClassVar[str] = "marketplace.review.reported.v1"
    report_ref: str


@dataclass(frozen=True, kw_only=True)
class ReviewDecided(Event):
    """An operator decided on the reports of a review."""

    name: ClassVar[str] = "marketplace.review.decided.v1"
    decision_ref: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class ReviewObjectionDecided(Event):
    """Another operator looked again at a removed review. Shape: stands when it stays removed."""

    name: ClassVar[str] = "marketplace.review_objection.decided.v1"
    decision_ref: str
    stands: bool
