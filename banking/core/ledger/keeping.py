"""How long the entries of a year stay among those that pages read."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kernel import clock, dated


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """For how many whole years after its own a year stays. Units: years."""

    valid_from: date
    years: int
    source: str


def kept_since() -> date:
    """Return the first day whose books are kept: years that ended before are put aside."""
    today = clock.today()
    return date(today.year - dated.in_force(_rows(), today).years, 1, 1)


@cache
def _rows() -> tuple[Keeping, ...]:
    return dated.read(Path(__file__).parent / "data/keeping.json", Keeping)
