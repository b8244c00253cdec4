"""What others may hear of escrows."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class EscrowFunded(Event):
    """The buyer's money for a vendor order is kept."""

    name: ClassVar[str] = "banking.escrow.funded.v1"
    order_ref: str
    beneficiary_id: UUID
    amount: Money
    subject: str


@dataclass(frozen=True, kw_only=True)
class EscrowReleased(Event):
    """Money of an order went to those who earned it."""

    name: ClassVar[str] = "banking.escrow.released.v1"
    order_ref: str
    beneficiary_id: UUID
    amount: Money
    remaining: Money


@dataclass(frozen=True, kw_only=True)
class EscrowRefunded(Event):
    """Money of an order went back to the buyer, whatever it came from."""

    name: ClassVar[str] = "banking.escrow.refunded.v1"
    order_ref: str
    beneficiary_id: UUID
    amount: Money
    remaining: Money


@dataclass(frozen=True, kw_only=True)
class EscrowFrozen(Event):
    """A dispute keeps this much of an order's money back; zero means that it ended."""

    name: ClassVar[str] = "banking.escrow.frozen.v1"
    order_ref: str
    frozen: Money


@dataclass(frozen=True, kw_only=True)
class EscrowQuestioned(Event):
    """A cardholder's dispute keeps this much of an order's money back; zero means that it ended.

    Shape: dispute_ref is of the dispute that began or ended, empty in news of older versions.
    """

    name: ClassVar[str] = "banking.escrow.questioned.v1"
    order_ref: str
    questioned: Money
    dispute_ref: str = ""


@dataclass(frozen=True, kw_only=True)
class EscrowChargedBack(Event):
    """A card's bank gave its holder money of an order back, and the order bears it."""

    name: ClassVar[str] = "banking.escrow.charged_back.v1"
    order_ref: str
    beneficiary_id: UUID
    amount: Money
    remaining: Money


@dataclass(frozen=True, kw_only=True)
class PaidOrderRefunded(Event):
    """Money went back to the buyer of an order that was paid out; left is what still can."""

    name: ClassVar[str] = "banking.escrow.refunded_after_payout.v1"
    order_ref: str
    amount: Money
    left: Money
