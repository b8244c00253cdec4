"""What a shopper may tick: conditions from filters, and counts that leave each choice open."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from typing import Any

from search.documents import EVERYWHERE, Facets, FacetValue, Filters, PriceBar, SearchRequest
from search.engine.mapping import DOORS, FACETS, GONE, IN_STOCK, PRICE_STEPS, Door, Key, Number
from search.engine.port import AllOf, AnyOf, Counts, Node, Range, Snapshot, Within, bare
from search.engine.prices import BY_PRICE

LARGE = 2000
REMEMBERED_S = 5.0
_MOST_REMEMBERED = 200


def narrowed(request: SearchRequest) -> tuple[Node, ...]:
    """Return the conditions of a request; none of them scores."""
    chosen = request.filters
    conditions = [
        *_ticked(Key.CATEGORY, chosen.categories),
        *_ticked(Key.BRAND, chosen.brands),
        *_ticked(Key.VENDOR, map(str, chosen.vendors)),
        *_ticked(Key.COUNTRY, chosen.countries),
        *_ticked(Key.COUNTRY, chosen.within),
        *_ticked(Key.STOCK, (IN_STOCK,) if chosen.in_stock else ()),
        *_ticked(Key.STARS, (str(chosen.stars),) if chosen.stars else ()),
    ]
    for code, values in chosen.attributes.items():
        conditions.extend(_ticked(Key.ATTRIBUTE, (f"{code}={value}" for value in values)))
    if request.sort in BY_PRICE or (chosen.price_low, chosen.price_high) != (None, None):
        # What has no price at a door has no place among prices there; all others cost something.
        lowest = max(chosen.price_low or 1, 1)
        conditions.append(Range(DOORS[request.door], lowest, chosen.price_high))
    if chosen.ready is not None:
        conditions.append(_ready(chosen.ready))
    if request.destination:
        conditions.append(Within(Key.SHIPS_TO, (request.destination.upper(), EVERYWHERE)))
    return tuple(conditions)


def _ready(days: Mapping[str, int]) -> Node:
    """Return what finds goods that leave soon enough for the way they have to go."""
    ways = [
        AllOf((Within(Key.LANE, (lane,)), Range(Number.LEAD, None, most)))
        for lane, most in sorted(days.items())
    ]
    return AnyOf(tuple(ways)) if ways else Within(Key.STATE, (GONE,))


def hidden(request: SearchRequest) -> tuple[Node, ...]:
    """Return what must not be found whatever the words say."""
    return tuple(_ticked(Key.VENDOR, map(str, request.filters.hidden_vendors)))


def facets(snapshot: Snapshot, request: SearchRequest, node: Node, *, total: int) -> Facets:
    """Return counts over everything found; what is ticked of a facet does not narrow that facet.

    Units: total is what was found; large pages may show counts REMEMBERED_S seconds old.
    """
    chosen = request.filters
    counter = _Counter(snapshot, request, node, is_large=total > LARGE)
    prices = counter.without("price_low", "price_high", ())
    return Facets(
        categories=_values(counter.open(Key.CATEGORY, "categories"), chosen.categories),
        brands=_values(counter.open(Key.BRAND, "brands"), chosen.brands),
        vendors=_values(counter.open(Key.VENDOR, "vendors"), {str(at) for at in chosen.vendors}),
        countries=_values(counter.open(Key.COUNTRY, "countries"), chosen.countries),
        attributes={
            code: _values(values, chosen.attributes.get(code, frozenset()))
            for code, values in counter.open_attributes().items()
        },
        in_stock=counter.open(Key.STOCK, "in_stock").get(IN_STOCK, 0),
        stars=_stars(counter.open(Key.STARS, "stars"), chosen.stars),
        price_low=prices.price_low,
        price_high=prices.price_high,
        prices=bars(prices.prices),
    )


def _stars(counts: Mapping[str, int], chosen: int) -> tuple[FacetValue, ...]:
    """Return what averages reach, most stars first; what is chosen stays where it finds nothing."""
    reached = {int(stars): count for stars, count in counts.items()}
    held = reached | {chosen: reached.get(chosen, 0)} if chosen else reached
    return tuple(
        FacetValue(value=str(stars), count=held[stars], selected=stars == chosen)
        for stars in sorted(held, reverse=True)
    )


def bars(counts: Mapping[int, int]) -> tuple[PriceBar, ...]:
    """Return a bar for each step from the cheapest to the dearest that anything costs."""
    if not counts:
        return ()
    bounds = (0, *PRICE_STEPS, None)
    return tuple(
        PriceBar(low=bounds[step] or 0, high=bounds[step + 1], count=counts.get(step, 0))
        for step in range(min(counts), max(counts) + 1)
    )


class _Counter:
    """Counts each facet once: all unticked ones together, each ticked one without its own ticks."""

    def __init__(
        self, snapshot: Snapshot, request: SearchRequest, node: Node, *, is_large: bool
    ) -> None:
        self._is_large = is_large
        self._snapshot = snapshot
        self._request = request
        self._node = node
        self._door = DOORS.get(request.door)
        self._base = self._counts(request.filters, FACETS)

    def open(self, key: Key, ticks: str) -> Mapping[str, int]:
        """Return the counts of a facet as if none of its values were ticked."""
        return self.without(ticks, ticks, (key,)).values[key]

    def without(self, low: str, high: str, keys: tuple[Key, ...]) -> Counts:
        """Return counts as if two filters, or one named twice, were not set."""
        filters = self._request.filters
        if all(getattr(filters, at) == _UNSET[at] for at in (low, high)):
            return self._base
        return self._counts(replace(filters, **{at: _UNSET[at] for at in (low, high)}), keys)

    def open_attributes(self) -> dict[str, Mapping[str, int]]:
        """Return the counts by attribute code."""
        attributes = _by_code(self._base.values[Key.ATTRIBUTE])
        ticked = self._request.filters.attributes
        for code in ticked:
            others = {at: values for at, values in ticked.items() if at != code}
            cleared = replace(self._request.filters, attributes=others)
            counts = self._counts(cleared, (Key.ATTRIBUTE,))
            attributes[code] = _by_code(counts.values[Key.ATTRIBUTE]).get(code, {})
        return attributes

    def _counts(self, filters: Filters, keys: tuple[Key, ...]) -> Counts:
        request = replace(self._request, filters=filters)
        node = AllOf((self._node, *narrowed(request)), but_not=hidden(request))
        if self._is_large:
            return _remembered(self._snapshot, node, keys, self._door)
        return self._snapshot.facets(node, keys, self._door)


# Counting tens of thousands of products is the dearest part of a page, and nobody sees whether one
# of them was sold a moment ago; small results are always counted afresh.
_Asked = tuple[str, Node, tuple[Key, ...], Door | None]
_memory: OrderedDict[_Asked, tuple[float, Counts]] = OrderedDict()


def _remembered(snapshot: Snapshot, node: Node, keys: tuple[Key, ...], door: Door | None) -> Counts:
    asked = (snapshot.generation, bare(node), keys, door)
    at, known = _memory.get(asked, (-math.inf, None))
    if known is not None and time.monotonic() - at < REMEMBERED_S:
        return known
    counts = snapshot.facets(node, keys, door)
    _memory[asked] = (time.monotonic(), counts)
    while len(_memory) > _MOST_REMEMBERED:
        _memory.popitem(last=False)
    return counts


_UNSET: dict[str, Any] = {
    "categories": frozenset(),
    "brands": frozenset(),
    "vendors": frozenset(),
    "countries": frozenset(),
    "in_stock": False,
    "stars": 0,
    "price_low": None,
    "price_high": None,
}


def _ticked(key: Key, values: Iterable[str]) -> list[Node]:
    wanted = tuple(sorted(values))
    return [Within(key, wanted)] if wanted else []


def _by_code(counts: Mapping[str, int]) -> dict[str, Mapping[str, int]]:
    attributes: dict[str, dict[str, int]] = {}
    for pair, count in counts.items():
        code, _, value = pair.partition("=")
        attributes.setdefault(code, {})[value] = count
    return dict(attributes)


def _values(counts: Mapping[str, int], ticked: AbstractSet[str]) -> tuple[FacetValue, ...]:
    """Return values by count; what is ticked stays visible even where it finds nothing."""
    all_counts = dict.fromkeys(ticked, 0) | dict(counts)
    # By name first: the second sorting leaves equal counts as they are.
    ordered = sorted(sorted(all_counts), key=all_counts.__getitem__, reverse=True)
    return tuple(
        [
            FacetValue(value=value, count=all_counts[value], selected=value in ticked)
            for value in ordered
        ]
    )
