"""Decisions about a cart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

MOST_PIECES = 99
MOST_LINES = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long a cart without an account waits for its browser. Units: days."""

    valid_from: date
    visitor_days: int
    source: str


def quantity_after(*, now: int, added: int) -> int:
    """Return the pieces of a line after adding some; a line never passes its limit.

    Units: pieces.
    """
    assert added > 0, "forms reject this"
    return min(MOST_PIECES, now + added)
