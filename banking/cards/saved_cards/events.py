"""What others may hear of saved cards."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class SavedCardRemoved(Event):
    """Somebody removed a saved card; the network is to forget it."""

    name: ClassVar[str] = "banking.saved_card.removed.v1"
    card_id: UUID
