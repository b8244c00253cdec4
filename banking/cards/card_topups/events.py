"""What others may hear of card payments."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class PaymentCaptured(Event):
    """A card paid and the wallet has the money."""

    name: ClassVar[str] = "banking.payment.captured.v1"
    payment_id: UUID
    wallet_id: UUID
    owner_id: UUID
    amount: Money


@dataclass(frozen=True, kw_only=True)
class PurchaseCaptured(Event):
    """A card paid for a purchase; the money waits in clearing until it is placed or given up."""

    name: ClassVar[str] = "banking.purchase.captured.v1"
    payment_id: UUID
    subject: str
    amount: Money


@dataclass(frozen=True, kw_only=True)
class CardToKeep(Event):
    """A card paid whose holder lets the network keep it."""

    name: ClassVar[str] = "banking.payment.card_to_keep.v1"
    payment_id: UUID


@dataclass(frozen=True, kw_only=True)
class PurchaseFailed(Event):
    """The page of a purchase is over and nothing was charged."""

    name: ClassVar[str] = "banking.purchase.failed.v1"
    payment_id: UUID
    subject: str


@dataclass(frozen=True, kw_only=True)
class PaymentReported(Event):
    """The card network told something about a payment; its present state is to be asked."""

    name: ClassVar[str] = "banking.payment.reported.v1"
    payment_id: UUID
    provider_event: str


@dataclass(frozen=True, kw_only=True)
class RefundReported(Event):
    """The card network told something about money on its way back to a card."""

    name: ClassVar[str] = "banking.refund.reported.v1"
    refund_id: UUID
    provider_event: str


@dataclass(frozen=True, kw_only=True)
class DisputeReported(Event):
    """The card network told something about a dispute; its present state is to be asked."""

    name: ClassVar[str] = "banking.dispute.reported.v1"
    dispute_ref: str
    provider_event: str


@dataclass(frozen=True, kw_only=True)
class PaymentQuestioned(Event):
    """The network took something else than was asked; a person decides."""

    name: ClassVar[str] = "banking.payment.questioned.v1"
    payment_id: UUID
    asked: Money
    taken: Money
