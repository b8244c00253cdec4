"""What a shopper asked for, read from an address and written back into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kernel.text import N_

# The same sixteen families that colours are grouped by.
FAMILIES: Mapping[str, str] = {
    "white": N_("White"), "grey": N_("Grey"), "black": N_("Black"), "brown": N_("Brown"),
    "beige": N_("Beige"), "red": N_("Red"), "pink": N_("Pink"), "orange": N_("Orange"),
    "yellow": N_("Yellow"), "green": N_("Green"), "blue": N_("Blue"), "purple": N_("Purple"),
    "gold": N_("Gold"), "silver": N_("Silver"), "multi": N_("Many colours"),
    "clear": N_("Clear"),
}  # fmt: skip

SORTS: Mapping[str, str] = {
    "relevance": N_("Best match"), "price_low": N_("Price, low first"),
    "price_high": N_("Price, high first"), "newest": N_("Newest first"),
    "popular": N_("Most bought first"),
}  # fmt: skip

ORDERS: Mapping[str, str] = {
    "best": N_("In stock and most bought first"), "price": N_("Price, low first"),
    "price-high": N_("Price, high first"), "new": N_("Newest first"),
}  # fmt: skip

PAGE_SIZE = 20
LAST_PAGE = 40


@dataclass(frozen=True, slots=True)
class Query:
    """A search as its address says it.

    Units: low and high in minor units of the shopper's currency. Shape: values maps a facet
    (c category, brand, vendor, country, a.<attribute>) to the ticked values, sorted; opened are
    the facets shown with all their values; is_wide shows what does not go to the shopper, too.
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
        return sum(len(given) for given in self.values.values()) + self.in_stock + bounds

    def unbounded(self) -> Query:
        """Return the same search at any price."""
        return replace(self, low=None, high=None, page=1)

    def any_stock(self) -> Query:
        """Return the same search with sold-out goods, too."""
        return replace(self, in_stock=False, page=1)

    def widened(self, *, is_wide: bool) -> Query:
        """Return the same search with or without what does not go to the shopper's country."""
        return replace(self, is_wide=is_wide, page=1)

    def turned(self, page: int) -> Query:
        """Return another page of the same search."""
        return replace(self, page=page)

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the words narrows the search."""
        return bool(self.values) or self.in_stock or (self.low, self.high) != (None, None)

    def _with(self, values: Mapping[str, tuple[str, ...]]) -> Query:
        return replace(self, values={k: v for k, v in values.items() if v}, page=1)


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


_WIDE, _NARROW, _MENU = 15, 7, 130  # pixels: a sign of East Asia, any other, the menu's own words
