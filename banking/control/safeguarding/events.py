"""What others may hear of safeguarding."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import ClassVar
from uuid import UUID

from kernel.events import Event
from kernel.money import Money


@dataclass(frozen=True, kw_only=True)
class ShortfallFound(Event):
    """At the end of a day less was kept safe than must be."""

    name: ClassVar[str] = "banking.safeguarding.short.v1"
    top_up_id: UUID
    on: date
    amount: Money


@dataclass(frozen=True, kw_only=True)
class PackAsked(Event):
    """Somebody asked for a resolution pack."""

    name: ClassVar[str] = "banking.pack.asked.v1"
    pack_id: UUID
