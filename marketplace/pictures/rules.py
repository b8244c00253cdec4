"""Which sizes a picture is kept in, and what its files are called."""

from __future__ import annotations

WIDTHS = (320, 640, 1280)
LARGEST_FILE = 8 * 1024 * 1024
LARGEST_PIXELS = 40_000_000
SMALLEST_SIDE = 300


def widths_for(width: int) -> tuple[int, ...]:
    """Return the widths of the derivatives, smallest first: never larger than the original.

    A picture between two steps is kept at its own width too, so that no detail is lost.
    """
    own = min(width, WIDTHS[-1])
    return (*(step for step in WIDTHS if step < own), own)
