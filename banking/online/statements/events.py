"""What others may hear of statements."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class StatementAsked(Event):
    """Somebody wants a file that takes longer than a page may."""

    name: ClassVar[str] = "banking.statement.asked.v1"
    order_id: UUID


@dataclass(frozen=True, kw_only=True)
class MonthClosed(Event):
    """A wallet's month is over, something moved in it, and its statement stands."""

    name: ClassVar[str] = "banking.statement.closed.v1"
    wallet_id: UUID
    month: date
