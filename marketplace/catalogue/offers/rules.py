"""What a struck price may say."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise

WINDOW = timedelta(days=30)


@dataclass(frozen=True, slots=True)
class PastPrice:
    """A price in one currency from an instant on. Units: minor units."""

    price_minor: int
    valid_from: datetime


def struck_price(history: Sequence[PastPrice], *, now: datetime) -> int | None:
    """Return the price that may stand struck beside today's, None when nothing was reduced.

    It is the lowest price of the thirty days before the last reduction, and only shown while that
    reduction is at most thirty days old.
    Shape: history oldest first, the last one is today's price.
    Source: Directive 98/6/EC article 6a, added by Directive (EU) 2019/2161.
    """
    if len(history) < 2:
        return None
    current, before = history[-1], history[:-1]
    reduced_at = current.valid_from
    if reduced_at < now - WINDOW:
        return None
    lowest = min(_in_force(before, since=reduced_at - WINDOW))
    return lowest if lowest > current.price_minor else None


def proven(history: Sequence[PastPrice]) -> list[PastPrice]:
    """Return the prices that a struck price stands on: thirty days before it, and today's.

    Shape: oldest first, as given.
    """
    since = history[-1].valid_from - WINDOW
    return [past for past, following in pairwise(history) if following.valid_from > since] + [
        history[-1]
    ]


def _in_force(history: Sequence[PastPrice], *, since: datetime) -> list[int]:
    """Return the prices that applied at some time after `since`."""
    in_force = [history[-1].price_minor]
    for past, following in pairwise(history):
        if following.valid_from > since:
            in_force.append(past.price_minor)
    return in_force
