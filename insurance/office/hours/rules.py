"""The dated rows that say how the days of the claims office are counted, and on whose clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kernel import dated

_DATA = Path(__file__).parent / "data" / "hours.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours:
    """How days are counted, from a day on.

    Shape: days_of is the currency whose calendar of payments says when the office works, empty
    where every day counts; zone is the clock that its days begin and end by.
    """

    valid_from: date
    days_of: str
    zone: str
    source: str


@cache
def _rows() -> tuple[Hours, ...]:
    return dated.read(_DATA, Hours)


def hours_on(day: date) -> Hours:
    """Return what counts on a day. Raises: ValueError before the first row."""
    return dated.in_force(_rows(), day)
