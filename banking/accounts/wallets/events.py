"""What others may hear of wallets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class WalletOpened(Event):
    """Somebody has a wallet in one more currency."""

    name: ClassVar[str] = "banking.wallet.opened.v1"
    wallet_id: UUID
    owner_id: UUID
    owner_kind: str
    currency: str
    iban: str
