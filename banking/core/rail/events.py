"""What others may hear of the payment rail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class RailEntryNotified(Event):
    """The rail notified a booking. Shape: reason is empty for a payment, a code for a return."""

    name: ClassVar[str] = "banking.rail.booked.v1"
    message_id: str
    end_to_end: str
    amount: Money
    is_return: bool
    reason: str
    booked_on: date
