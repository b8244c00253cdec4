"""What others may hear of transfers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class TransferChanged(Event):
    """A transfer reached a state that its payer is told of. Shape: reason is a code or empty."""

    name: ClassVar[str] = "banking.transfer.changed.v1"
    transfer_id: UUID
    owner_id: UUID
    state: str
    reason: str


@dataclass(frozen=True, kw_only=True)
class TransferArrived(Event):
    """Money of a transfer is in a wallet of the house."""

    name: ClassVar[str] = "banking.transfer.arrived.v1"
    transfer_id: UUID
    payee_id: UUID
    amount: Money
