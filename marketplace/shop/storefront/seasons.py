"""The season where a shopper lives, and the goods that go with it.

What belongs to a season stands in data/seasons.json: its days on either side of the equator, and
the shelves that it looks at.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path

from sqlalchemy import text

from kernel import clock
from kernel.db import session
from kernel.memory import Memory
from kernel.text import N_
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index.queries import ProductCardRow, Reader

_FILE = Path(__file__).parent / "data" / "seasons.json"

NAMES: Mapping[str, str] = {
    "gifts": N_("Gifts for the end of the year"),
    "winter": N_("Warm for the cold months"),
    "spring": N_("Out into the garden"),
    "summer": N_("For long days outside"),
    "autumn": N_("Evenings at home"),
}

_FIRST = text(
    """
    SELECT c.key, x.product_id FROM marketplace.category c CROSS JOIN LATERAL (
        SELECT p.product_id FROM marketplace.shelf_place p WHERE p.category_id = c.id
        ORDER BY p.rank DESC, p.product_id DESC LIMIT :most
    ) x
    WHERE c.key = ANY(CAST(:keys AS text[]))
    """
)
_OF_EACH = 3  # goods of one shelf that are looked at

_ids: Memory[str, tuple[int, ...]] = Memory(seconds=600, most=20)
_rows: Memory[tuple[str, Reader], tuple[ProductCardRow, ...]] = Memory(seconds=10, most=200)


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


def goods(country: str, *, reader: Reader) -> tuple[Season, tuple[ProductCardRow, ...]]:
    """Return today's season and its goods, one of each shelf in turn, at most ten seconds old."""
    season = season_of(country, clock.today().isoformat()[5:])
    slot = (season.key, reader)
    known = _rows.get(slot)
    if known is None:
        known = shelves.by_ids(_first(season), reader=reader)
        _rows.keep({slot: known})
    return season, known


def _first(season: Season) -> tuple[int, ...]:
    known = _ids.get(season.key)
    if known is None:
        found = session().execute(_FIRST, {"keys": list(season.shelves), "most": _OF_EACH})
        by_shelf: dict[str, list[int]] = {key: [] for key in season.shelves}
        for key, product_id in found:
            by_shelf[key].append(product_id)
        known = _in_turn(list(by_shelf.values()))
        _ids.keep({season.key: known})
    return known


def _in_turn(lists: Sequence[Sequence[int]]) -> tuple[int, ...]:
    """Return the first of each list, then the second of each; what stands on two shelves once."""
    turns = chain.from_iterable(zip_longest(*lists))
    return tuple(dict.fromkeys(one for one in turns if one is not None))


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
