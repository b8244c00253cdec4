"""What others may hear of payouts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class PayoutChanged(Event):
    """A payout reached a state. Shape: reason is an ISO 20022 code or empty."""

    name: ClassVar[str] = "banking.payout.changed.v1"
    payout_id: UUID
    vendor_id: UUID
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class PayoutAccountChanged(Event):
    """From now on payouts of a currency go to another account."""

    name: ClassVar[str] = "banking.payout_account.changed.v1"
    account_id: UUID
    vendor_id: UUID


@dataclass(frozen=True, kw_only=True)
class PayoutsHeld(Event):
    """An operator paused a vendor's payouts, or let them go on: words are empty then."""

    name: ClassVar[str] = "banking.payouts.held.v1"
    vendor_id: UUID
    currency: str
    words: str
