"""What others may hear of the ledger."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class HoldExpired(Event):
    """A hold ended by time; what was left of it is available again."""

    name: ClassVar[str] = "banking.hold.expired.v1"
    hold_id: UUID
    account_key: str
    released: Money
    reason: str
    subject: str


@dataclass(frozen=True, kw_only=True)
class CreditParked(Event):
    """A wallet could not take a credit in; it waits in the wallet's suspense account."""

    name: ClassVar[str] = "banking.credit.parked.v1"
    journal_id: int
