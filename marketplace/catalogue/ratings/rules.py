"""Stars in plain values: counts, their average, their shares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

MOST = 5
STARS = range(1, MOST + 1)
# With what all goods begin when they are ordered by their stars; /about/ranking tells it.
# Units: reviews; stars of each.
FIRST_REVIEWS, FIRST_STARS = 5, 3
MILLION = 10**6


@dataclass(frozen=True, slots=True)
class Rating:
    """What buyers gave. Units: count in reviews, total in stars."""

    count: int
    total: int

    @property
    def average(self) -> Decimal:
        """The mean of all stars to one decimal, halves up: Decimal("4.6")."""
        return Decimal(_rounded(self.total * 10, self.count)) / 10

    @property
    def share(self) -> int:
        """The mean in percent of all stars there could be, as the drawn stars are filled."""
        return _rounded(self.total * 100, self.count * MOST)

    @property
    def reached(self) -> tuple[int, ...]:
        """The whole stars that the average, as it is shown, comes up to: 4.6 reaches 1 to 4."""
        return tuple(range(1, int(self.average) + 1))

    @property
    def standing(self) -> int:
        """Where goods stand among others by their stars; 0 is where goods without reviews stand.

        All begin with the same few reviews in the middle of the scale, so that one buyer who is
        pleased does not lift goods over others that please hundreds. Units: millionths of a star.
        """
        return standing(self.count, self.total)


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of the distribution. Units: share in percent of all reviews, rounded."""

    stars: int
    count: int
    share: int


def rating(counts: Sequence[int]) -> Rating | None:
    """Return the rating of reviews by their stars, None without any.

    Shape: five counts, from one star to five.
    """
    count = sum(counts)
    if not count:
        return None
    return Rating(count, sum(stars * n for stars, n in zip(STARS, counts, strict=True)))


def standing(count: int, total: int) -> int:
    """Return the average of reviews and those that all goods begin with, 0 without a review."""
    if not count:
        return 0
    stars = FIRST_REVIEWS * FIRST_STARS + total
    return stars * MILLION // (FIRST_REVIEWS + count)


def bars(counts: Sequence[int]) -> tuple[Bar, ...]:
    """Return the distribution, five stars first. Shape: five counts, from one star to five."""
    count = sum(counts) or 1
    rows = [Bar(stars, n, _rounded(n * 100, count)) for stars, n in zip(STARS, counts, strict=True)]
    return tuple(reversed(rows))


def moved(*, before: int | None, after: int | None) -> Mapping[int, int]:
    """Return what changes in the counts when a review's stars do.

    Shape: before is None for a new review, after for one that goes; stars that stay are left out.
    """
    changes = dict.fromkeys(STARS, 0)
    if before is not None:
        changes[before] -= 1
    if after is not None:
        changes[after] += 1
    return {stars: change for stars, change in changes.items() if change}


def _rounded(above: int, below: int) -> int:
    return (2 * above + below) // (2 * below)
