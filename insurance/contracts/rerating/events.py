"""What is heard of rating policies again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ShadowRunAsked(Event):
    """Somebody wants to know what a draft would have cost."""

    name: ClassVar[str] = "insurance.shadow_run.asked.v1"
    run_id: UUID
    draft_ref: str
