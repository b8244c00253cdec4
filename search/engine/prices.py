"""Prices in steps, for a drawing of how they are spread; every engine asks for the same ones."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Mapping
from itertools import pairwise
from typing import Any

from search.engine.mapping import PRICE_STEPS

STEPS = "price_steps"


def price_ranges() -> list[dict[str, int]]:
    """Return the steps as ranges of an aggregation, the lower bound included."""
    between = [{"from": low, "to": high} for low, high in pairwise(PRICE_STEPS)]
    return [{"to": PRICE_STEPS[0]}, *between, {"from": PRICE_STEPS[-1]}]


def priced(buckets: Iterable[Mapping[str, Any]]) -> dict[int, int]:
    """Return how many cost so much by the number of the step; empty steps are left out."""
    counts = {step_of(int(one.get("from", 0))): int(one["doc_count"]) for one in buckets}
    return {step: count for step, count in counts.items() if count}


def step_of(price: int) -> int:
    """Return the number of a price's step: how many bounds it has reached. Units: euro cents."""
    return bisect_right(PRICE_STEPS, price)
