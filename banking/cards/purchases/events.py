"""What others may hear of purchases by card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class PurchaseGivenUp(Event):
    """No order took what a card paid; all of it goes back to the card. Shape: why is a GivenUp."""

    name: ClassVar[str] = "banking.purchase.given_up.v1"
    payment_id: UUID
    subject: str
    amount: Money
    why: str = "no_order"


@dataclass(frozen=True, kw_only=True)
class PurchaseCreditChanged(Event):
    """Money that a card did not take waits for its owner, or went where they said."""

    name: ClassVar[str] = "banking.purchase.credit_changed.v1"
    credit_id: UUID
    state: str
