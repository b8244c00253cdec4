"""What others may hear of money on its way back to a card."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class RefundAsked(Event):
    """Money left a wallet and waits to be sent to its card."""

    name: ClassVar[str] = "banking.refund.asked.v1"
    refund_id: UUID


@dataclass(frozen=True, kw_only=True)
class PurchaseRefundReturned(Event):
    """Money of a purchase could not go back to its card; its clearing account has it again."""

    name: ClassVar[str] = "banking.refund.purchase_returned.v1"
    refund_id: UUID
    payment_id: UUID
    amount: Money


@dataclass(frozen=True, kw_only=True)
class RefundReturned(Event):
    """Money could not go back to a card, or came back from it; the wallet has it again."""

    name: ClassVar[str] = "banking.refund.returned.v1"
    refund_id: UUID
    owner_id: UUID
    amount: Money
