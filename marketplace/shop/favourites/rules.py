"""How much the lists of one person hold, and what is news of the goods on them."""

from __future__ import annotations

from datetime import timedelta

MOST_LISTS = 20
MOST_WISHES = 300  # in all lists of one person
MOST_IN_BROWSER = 24  # before anybody signed in: they stand in a cookie
NAME_LENGTH = 60

# A price at the door that moved by less is the day's rates.
FALL_BP = 500
# A checkout that nobody finished holds the last piece for half an hour: its end is no news.
AWAY = timedelta(hours=1)


def taken_along(*, brought: int, held: int) -> int:
    """Return how many of what a browser brings still fit into a person's lists."""
    return max(0, min(brought, MOST_WISHES - held))


def has_fallen(*, seen: int, now: int) -> bool:
    """Whether a price is far enough below what was seen to be news. Units: minor units of one."""
    return now * 10_000 <= seen * (10_000 - FALL_BP)
