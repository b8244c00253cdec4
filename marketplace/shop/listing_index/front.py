"""All goods of the front page in one statement, for a reader and for the season's shelves."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import text

from kernel import clock
from kernel.db import session
from kernel.memory import Memory
from kernel.statements import read_sql
from marketplace.catalogue.offers.service import WINDOW
from marketplace.shop.listing_index.queries import ProductCardRow, Reader
from marketplace.shop.listing_index.reduced import Reduced, reduced_of

_FRONT = text(read_sql(__file__, "front"))

# Of a card's rank, what stands above says whether it is in stock and pictured.
_SOLD_OF_RANK = 200_000


@dataclass(frozen=True, slots=True)
class Sizes:
    """How many goods each part of the page chooses from. Units: of_each of a season's shelves."""

    picked: int
    ordered: int
    newest: int
    of_each: int
    reduced: int


@dataclass(frozen=True, slots=True)
class Front:
    """What the page chooses from.

    Shape: picked by the house, in its order; ordered is what was ordered most lately and is there,
    none at all while too little was ordered; newest came in last; seasonal are the first of each
    shelf of the season, then the second of each; reduced are the last reduced first.
    """

    picked: tuple[ProductCardRow, ...]
    ordered: tuple[ProductCardRow, ...]
    newest: tuple[ProductCardRow, ...]
    seasonal: tuple[ProductCardRow, ...]
    reduced: tuple[Reduced, ...]


_fronts: Memory[tuple[Reader, tuple[str, ...], Sizes], Front] = Memory(seconds=10, most=200)


def front(*, reader: Reader, shelves: Sequence[str], sizes: Sizes) -> Front:
    """Return what the front page chooses from, at most ten seconds old.

    Shape: shelves are the season's, by their keys.
    """
    slot = (reader, tuple(shelves), sizes)
    known = _fronts.get(slot)
    if known is None:
        known = _read(reader, shelves, sizes)
        _fronts.keep({slot: known})
    return known


def _read(reader: Reader, shelves: Sequence[str], sizes: Sizes) -> Front:
    binds: dict[str, Any] = {
        **reader.binds,
        "keys": list(shelves),
        "since": clock.now() - WINDOW,
        "picked": sizes.picked,
        "ordered": sizes.ordered,
        "newest": sizes.newest,
        "of_each": sizes.of_each,
        "reduced": sizes.reduced,
    }
    parts: dict[str, list[ProductCardRow]] = {}
    lowered = []
    for part, _, lowest, reduced_at, *card in session().execute(_FRONT, binds):
        row = ProductCardRow(*card)
        parts.setdefault(part, []).append(row)
        if part == "reduced":
            lowered.append(reduced_of(row, lowest, reduced_at, reader.currency))
    ordered = tuple(row for row in parts.get("ordered", ()) if row.rank % _SOLD_OF_RANK)
    return Front(
        picked=tuple(parts.get("picked", ())),
        ordered=ordered if len(ordered) == sizes.ordered else (),
        newest=tuple(parts.get("newest", ())),
        # What stands on two shelves of a season comes once.
        seasonal=tuple({row.product_id: row for row in parts.get("season", ())}.values()),
        reduced=tuple(lowered),
    )
