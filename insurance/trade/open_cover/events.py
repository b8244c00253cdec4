"""What others may hear of open covers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar
from uuid import UUID

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OpenCoverNews(Event):
    """Something happened to an open cover that its holder is told of.

    Shape: what is one of the words of its history, entry_id the line that says the rest.
    """

    name: ClassVar[str] = "insurance.open_cover.news.v1"
    open_cover_id: UUID
    ref: str
    owner_id: UUID
    what: str
    entry_id: int
