"""The season where a shopper lives, and the goods that go with it.

What belongs to a season stands in data/seasons.json: its days on either side of the equator, and
the shelves that it looks at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from kernel import clock
from kernel.text import N_

_FILE = Path(__file__).parent / "data" / "seasons.json"

NAMES: Mapping[str, str] = {
    "gifts": N_("Gifts for the end of the year"),
    "winter": N_("Warm for the cold months"),
    "spring": N_("Out into the garden"),
    "summer": N_("For long days outside"),
    "autumn": N_("Evenings at home"),
}


@dataclass(frozen=True, slots=True)
class Season:
    """A stretch of the year. Shape: days as MM-DD, the last included; shelves by their keys."""

    key: str
    begins: str
    ends: str
    shelves: tuple[str, ...]

    @property
    def name(self) -> str:
        """Its headline, to be translated."""
        return NAMES[self.key]

    def holds(self, day: str) -> bool:
        """Whether a day belongs to it; a season may run over the new year."""
        if self.begins <= self.ends:
            return self.begins <= day <= self.ends
        return day >= self.begins or day <= self.ends


def season_of(country: str, day: str) -> Season:
    """Return the season of a country on a day, written as MM-DD."""
    south, years = _years()
    return next(season for season in years[country in south] if season.holds(day))


def today(country: str) -> Season:
    """Return the season of a country today."""
    return season_of(country, clock.today().isoformat()[5:])


@cache
def _years() -> tuple[frozenset[str], tuple[tuple[Season, ...], tuple[Season, ...]]]:
    """Return the countries south of the equator, and the seasons north and south of it."""
    told = json.loads(_FILE.read_text(encoding="utf-8"))
    north, south = (
        tuple(
            Season(key, one[side][0], one[side][1], tuple(one["shelves"]))
            for key, one in told["seasons"].items()
        )
        for side in ("north", "south")
    )
    return frozenset(told["south"]), (north, south)
