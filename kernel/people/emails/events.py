"""Facts about addresses."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class EmailProved(Event):
    """Somebody followed a link that was sent to the new address of their account."""

    name: ClassVar[str] = "kernel.email.proved.v1"
    person_id: UUID
