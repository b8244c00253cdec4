"""What others may hear of disputes."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class DisputeOpened(Event):
    """A cardholder disputes a card payment."""

    name: ClassVar[str] = "banking.dispute.opened.v1"
    dispute_id: UUID
    owner_id: UUID
    amount: Money


@dataclass(frozen=True, kw_only=True)
class DisputeClosed(Event):
    """The card's bank has decided."""

    name: ClassVar[str] = "banking.dispute.closed.v1"
    dispute_id: UUID
    owner_id: UUID
    amount: Money
    is_won: bool


@dataclass(frozen=True, kw_only=True)
class PurchaseQuestioned(Event):
    """A cardholder disputes what paid for a purchase, or its bank has decided.

    Shape: state is opened, won or lost; taken is what the card's bank keeps, zero unless lost.
    """

    name: ClassVar[str] = "banking.purchase.questioned.v1"
    dispute_id: UUID
    payment_id: UUID
    subject: str
    amount: Money
    state: str
    taken: Money


@dataclass(frozen=True, kw_only=True)
class DisputeGivenUp(Event):
    """The house leaves a dispute to the cardholder; the network is to hear of it."""

    name: ClassVar[str] = "banking.dispute.given_up.v1"
    dispute_id: UUID


@dataclass(frozen=True, kw_only=True)
class EvidenceGiven(Event):
    """What speaks for us was written down and waits to be sent."""

    name: ClassVar[str] = "banking.dispute.answered.v1"
    dispute_id: UUID
