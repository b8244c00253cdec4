"""Prices in steps, for a drawing of how they are spread; every engine asks for the same ones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from search.documents import Sort
from search.engine.mapping import PRICE_STEPS, Door, Number

PRICES, STEPS = "prices", "price_steps"
# Orders by price, with whether the cheapest come first.
BY_PRICE = {Sort.PRICE_LOW: True, Sort.PRICE_HIGH: False}
_BY_NUMBER = {
    Sort.NEWEST: Number.CREATED,
    Sort.POPULAR: Number.POPULARITY,
    Sort.RATED: Number.STANDING,
}


def ordered_by(sort: Sort, door: Door | None) -> tuple[Number | Door, bool]:
    """Return the number that an order goes by, and whether the least come first."""
    if sort in BY_PRICE:
        assert door is not None, "who asks for an order by price names a door"
        return door, BY_PRICE[sort]
    return _BY_NUMBER[sort], False


def price_counts(door: Door) -> dict[str, Any]:
    """Return the aggregations for the price range and its steps, as all servers understand them."""
    return {
        PRICES: {"stats": {"field": door}},
        STEPS: {"range": {"field": door, "ranges": price_ranges()}},
    }


def price_ranges() -> list[dict[str, int]]:
    """Return the steps as ranges of an aggregation, the lower bound included."""
    between = [{"from": low, "to": high} for low, high in pairwise(PRICE_STEPS)]
    return [{"to": PRICE_STEPS[0]}, *between, {"from": PRICE_STEPS[-1]}]


def priced(buckets: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """Return how many cost so much by the number of the step; empty steps are left out."""
    counts = {step_of(int(one.get("from", 0))): int(one["doc_count"]) for one in buckets}
    return {step: count for step, count in counts.items() if count}


def step_of(price: int) -> int:
    """Return the number of a price's step: how many bounds it has reached."""
    return bisect_right(PRICE_STEPS, price)
