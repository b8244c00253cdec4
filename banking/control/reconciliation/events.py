"""What others may hear of differences between books."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class BooksCompared(Event):
    """Two books were compared. Shape: found counts differences that are new."""

    name: ClassVar[str] = "banking.books.compared.v1"
    pair: str
    compared: int
    found: int
