"""Decisions about a cart."""

from __future__ import annotations

MOST_PIECES = 99
MOST_LINES = 60


def quantity_after(*, now: int, added: int) -> int:
    """Return the pieces of a line after adding some; a line never passes its limit.

    Units: pieces.
    """
    assert added > 0, "forms reject this"
    return min(MOST_PIECES, now + added)
