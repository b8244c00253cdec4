"""What others may hear of closings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class WalletsClosed(Event):
    """A wallet was closed, or all of an owner and with them the account."""

    name: ClassVar[str] = "banking.wallets.closed.v1"
    closing_id: UUID
    owner_id: UUID
    is_account: bool
