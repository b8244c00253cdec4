"""What others may hear of handles and payees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class HandleChosen(Event):
    """An owner can be paid under a handle. Shape: before is the retired one, empty if none."""

    name: ClassVar[str] = "banking.handle.chosen.v1"
    owner_id: UUID
    handle: str
    before: str


@dataclass(frozen=True, kw_only=True)
class PayeeSaved(Event):
    """An owner saved somebody to pay again."""

    name: ClassVar[str] = "banking.payee.saved.v1"
    owner_id: UUID
    payee_name: str
    account: str


@dataclass(frozen=True, kw_only=True)
class PayeeRemoved(Event):
    """An owner forgot a saved payee."""

    name: ClassVar[str] = "banking.payee.removed.v1"
    owner_id: UUID
    payee_name: str
    account: str
