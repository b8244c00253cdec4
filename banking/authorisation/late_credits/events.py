"""What others may hear of money that came after the closing."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class LateCreditChanged(Event):
    """Money that came after the closing waits, is under way, or has arrived."""

    name: ClassVar[str] = "banking.late_credit.changed.v1"
    credit_id: UUID
    state: str
