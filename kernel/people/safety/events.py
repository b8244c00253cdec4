"""Facts about a person's safety."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class SafetyChanged(Event):
    """The log has a line that its person should hear of."""

    name: ClassVar[str] = "kernel.safety.changed.v1"
    person_id: UUID
    entry_id: int
