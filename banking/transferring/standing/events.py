"""What others may hear of standing orders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class StandingOrderChanged(Event):
    """A standing order was approved, paused, resumed or ended."""

    name: ClassVar[str] = "banking.standing_order.changed.v1"
    order_id: UUID
    state: str


@dataclass(frozen=True, kw_only=True)
class StandingRunNotPaid(Event):
    """A period of a standing order was not paid.

    Shape: result is failed, missed, or waiting when it is tried again at retry_at.
    """

    name: ClassVar[str] = "banking.standing_run.not_paid.v1"
    order_id: UUID
    due_on: date
    result: str
    reason: str
    retry_at: datetime | None = None
