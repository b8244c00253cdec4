"""What a shopper asked for, read from an address and written back into one."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from fractions import Fraction

from kernel.text import N_

# The same sixteen families that colours are grouped by.
FAMILIES: Mapping[str, str] = {
    "white": N_("White"),
    "grey": N_("Grey"),
    "black": N_("Black"),
    "brown": N_("Brown"),
    "beige": N_("Beige"),
    "red": N_("Red"),
    "pink": N_("Pink"),
    "orange": N_("Orange"),
    "yellow": N_("Yellow"),
    "green": N_("Green"),
    "blue": N_("Blue"),
    "purple": N_("Purple"),
    "gold": N_("Gold"),
    "silver": N_("Silver"),
    "multi": N_("Many colours"),
    "clear": N_("Clear"),
}

SORTS: Mapping[str, str] = {
    "relevance": N_("Best match"),
    "price_low": N_("Price, low to high"),
    "price_high": N_("Price, high to low"),
    "newest": N_("Newest first"),
    "popular": N_("Best sellers"),
    "rated": N_("Highest rated"),
}

ORDERS: Mapping[str, str] = {
    "best": N_("In stock, then best sellers"),
    "price": N_("Price, low to high"),
    "price-high": N_("Price, high to low"),
    "new": N_("Newest first"),
    "rated": N_("Highest rated"),
}

STARS = ("4", "3", "2", "1")  # what a shopper may ask goods to have at least
PAGE_SIZE = 24  # whole rows of two, three and four cards
LAST_PAGE = 40


@dataclass(frozen=True, slots=True)
class Query:
    """A search as its address says it.

    Units: low and high in minor units of the shopper's currency. Shape: values maps a facet
    (c category, brand, vendor, country, a.<attribute>) to the ticked values, sorted; opened are
    the facets shown with all their values; is_wide shows what does not go to the shopper, too;
    is_near only what crosses no customs border on its way, by only what arrives by that day, stars
    only what reviews give so many on average, 0 also what has none; is_literal answers the words as
    they are typed, whatever else was probably meant.
    """

    text: str = ""
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    low: int | None = None
    high: int | None = None
    in_stock: bool = False
    sort: str = "relevance"
    page: int = 1
    opened: frozenset[str] = frozenset()
    is_wide: bool = False
    is_near: bool = False
    by: date | None = None
    stars: int = 0
    is_literal: bool = False

    def has(self, facet: str, value: str) -> bool:
        """Whether a value is ticked."""
        return value in self.values.get(facet, ())

    def without(self, facet: str, value: str) -> Query:
        """Return the same search with a value no longer ticked, from its first page."""
        left = tuple(v for v in self.values.get(facet, ()) if v != value)
        return self._with({**self.values, facet: left})

    def ticked(self, facet: str, value: str) -> Query:
        """Return the same search with a value ticked, from its first page."""
        more = tuple(sorted({*self.values.get(facet, ()), value}))
        return self._with({**self.values, facet: more})

    def opening(self, facet: str) -> Query:
        """Return the same page with all values of a facet."""
        return replace(self, opened=self.opened | {facet})

    def stocked(self) -> Query:
        """Return the same search without sold-out goods."""
        return replace(self, in_stock=True, page=1)

    @property
    def ticks(self) -> int:
        """How many filters narrow the search."""
        bounds = (self.low, self.high) != (None, None)
        ticked = sum(len(given) for given in self.values.values())
        return (
            ticked
            + self.in_stock
            + self.is_near
            + (self.by is not None)
            + bounds
            + (self.stars > 0)
        )

    def unbounded(self) -> Query:
        """Return the same search at any price."""
        return replace(self, low=None, high=None, page=1)

    def any_stock(self) -> Query:
        """Return the same search with sold-out goods, too."""
        return replace(self, in_stock=False, page=1)

    def near(self, *, is_near: bool) -> Query:
        """Return the same search with or without what crosses a customs border."""
        return replace(self, is_near=is_near, page=1)

    def arriving(self, by: date | None) -> Query:
        """Return the same search for what arrives by a day, or whenever it does."""
        return replace(self, by=by, page=1)

    def starred(self, stars: int) -> Query:
        """Return the same search for what has so many stars, or with any and none for 0."""
        return replace(self, stars=stars, page=1)

    def widened(self, *, is_wide: bool) -> Query:
        """Return the same search with or without what does not go to the shopper's country."""
        return replace(self, is_wide=is_wide, page=1)

    def turned(self, page: int) -> Query:
        """Return another page of the same search."""
        return replace(self, page=page)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the words narrows the search."""
        return self.ticks > 0

    @property
    def loosened(self) -> Mapping[tuple[str, str], Query]:
        """The same search with one of its filters taken back, by facet and value of that filter."""
        queries = {
            (name, v): self.without(name, v) for name, given in self.values.items() for v in given
        }
        if (self.low, self.high) != (None, None):
            queries["price", ""] = self.unbounded()
        if self.in_stock:
            queries["stock", ""] = self.any_stock()
        if self.is_near:
            queries["near", ""] = self.near(is_near=False)
        if self.by is not None:
            queries["by", ""] = self.arriving(None)
        if self.stars:
            queries["stars", ""] = self.starred(0)
        return queries

    def _with(self, values: Mapping[str, tuple[str, ...]]) -> Query:
        return replace(self, values={k: v for k, v in values.items() if v}, page=1)


BARS = 16
TALL = 40  # units of the drawing


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the drawing of prices. Units: height of TALL; is_in when a bound lets it through."""

    height: int
    is_in: bool


# A stretch of prices: the lowest, the one it ends below, and how many goods lie in it. Units: minor
# units at the door, None is open.
Stretch = tuple[int, int | None, int]


def drawn_prices(steps: Sequence[Stretch], *, low: int | None, high: int | None) -> tuple[Bar, ...]:
    """Return at most BARS bars of how prices are spread, none where two would be all.

    Neighbours stand together where there are too many steps. Units: bounds as the steps.
    """
    width = max(1, -(-len(steps) // BARS))
    groups = [steps[at : at + width] for at in range(0, len(steps), width)]
    counts = [sum(count for _, _, count in group) for group in groups]
    most = max(counts, default=0)
    if len(groups) < 3 or not most:
        return ()
    return tuple(
        Bar(height=-(-count * TALL // most), is_in=_meets(group[0][0], group[-1][1], low, high))
        for count, group in zip(counts, groups, strict=True)
    )


def _meets(start: int, end: int | None, low: int | None, high: int | None) -> bool:
    return (high is None or start <= high) and (low is None or end is None or low < end)


def least_turning_to(bound: int, ratio: Fraction) -> int:
    """Return the least amount that a rate turns into a bound or more, rounded half up."""
    return math.ceil((bound - Fraction(1, 2)) / ratio)


def most_turning_to(bound: int, ratio: Fraction) -> int:
    """Return the largest amount that a rate turns into a bound or less, rounded half up."""
    return math.ceil((bound + Fraction(1, 2)) / ratio) - 1


def fitting(names: Sequence[str], room: int) -> int:
    """Return how many names stand side by side in so many pixels, by the house's usual letters.

    An estimate on the safe side: what it counts out is in the menu at the end of the row. Where
    the last would be alone there, it may be a little tight.
    """
    taken = 0
    for count, name in enumerate(names):
        taken += 24 + sum(_WIDE if ord(sign) >= 0x1100 else _NARROW for sign in name)
        if taken > room - (0 if count == len(names) - 1 else _MENU):
            return count
    return len(names)


def is_wordy(title: str) -> bool:
    """Whether a title takes more than three lines beside its picture; an estimate."""
    return sum(2 if ord(sign) >= 0x1100 else 1 for sign in title) > _THREE_LINES


_THREE_LINES = 66
_WIDE, _NARROW, _MENU = 15, 7, 130  # pixels: a sign of East Asia, any other, the menu's own words
