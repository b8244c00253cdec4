"""What others may hear of payment batches."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class BatchApproved(Event):
    """A batch may be booked."""

    name: ClassVar[str] = "banking.batch.approved.v1"
    batch_id: UUID


@dataclass(frozen=True, kw_only=True)
class BatchGroupClosed(Event):
    """A group was booked, declined or cancelled. Shape: number counts from one; reason is a code.

    The transfers of a booked group are those whose batch this is.
    """

    name: ClassVar[str] = "banking.batch_group.closed.v1"
    batch_id: UUID
    number: int
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class BatchFinished(Event):
    """Every group of a batch is over."""

    name: ClassVar[str] = "banking.batch.finished.v1"
    batch_id: UUID
