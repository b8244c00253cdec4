"""What points a claim gets and why. They ask for a second look; none of them refuses anything."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path

from kernel import dated
from kernel.money import Money

_DATA = Path(__file__).parent / "data" / "points.json"
# A mark has 64 bits; within four bands of sixteen, three bits that differ leave one band alike.
MARK_BITS, BAND_BITS = 64, 16
# A plain wall looks like every other: a mark of nearly one kind of bit says nothing.
_TELLING_BITS = 8


class Reason(StrEnum):
    """Why a claim gets points."""

    SEVERAL_CLAIMS = "several_claims"
    MANY_CLAIMS = "many_claims"
    PHOTO_SEEN = "photo_seen"
    NEAR_LIMIT = "near_limit"
    NEW_COVER = "new_cover"
    THEFT_AT_ONCE = "theft_at_once"
    PARTLY_REFUNDED = "partly_refunded"


@dataclass(frozen=True, slots=True, kw_only=True)
class Points:
    """What counts from a day on.

    Units: days, hours, per cent of what is insured, bits in which two photographs may differ;
    points by reason, and from how many on a person looks or a claim is held.
    """

    valid_from: date
    claims_days: int
    several_claims: int
    many_claims: int
    near_limit_pct: int
    new_cover_hours: int
    at_once_hours: int
    same_photo_bits: int
    review_from: int
    hold_from: int
    points: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What is known of a claim that its holder reported.

    Shape: claims counts the holder's reports within the days that count, this one among them.
    """

    claims: int
    is_theft: bool
    loss: Money
    insured: Money
    refunded: Money
    bound_at: datetime
    loss_at: datetime
    reported_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Weighed:
    """A claim's points by reason, and what they ask for."""

    points: Mapping[Reason, int]
    is_unusual: bool
    is_held: bool

    @property
    def score(self) -> int:
        """All points together."""
        return sum(self.points.values())


@cache
def _rows() -> tuple[Points, ...]:
    return dated.read(_DATA, Points)


def points_on(day: date) -> Points:
    """Return what counts on a day. Raises: ValueError before the first row."""
    return dated.in_force(_rows(), day)


def weigh(signs: Signs, points: Points, *, is_photo_seen: bool) -> Weighed:
    """Return the points of a claim, each with its reason.

    Shape: is_photo_seen tells that another cover was claimed for with the same photograph.
    """
    is_many = signs.claims >= points.many_claims
    soon, new = (timedelta(hours=one) for one in (points.at_once_hours, points.new_cover_hours))
    speaks = {
        Reason.SEVERAL_CLAIMS: signs.claims >= points.several_claims and not is_many,
        Reason.MANY_CLAIMS: is_many,
        Reason.PHOTO_SEEN: is_photo_seen,
        Reason.NEAR_LIMIT: signs.loss.minor * 100 >= signs.insured.minor * points.near_limit_pct,
        Reason.NEW_COVER: signs.loss_at - signs.bound_at < new,
        Reason.THEFT_AT_ONCE: signs.is_theft and signs.reported_at - signs.loss_at < soon,
        Reason.PARTLY_REFUNDED: bool(signs.refunded),
    }
    found = {reason: points.points[reason] for reason, is_so in speaks.items() if is_so}
    score = sum(found.values())
    return Weighed(
        points=found, is_unusual=score >= points.review_from, is_held=score >= points.hold_from
    )


def bands(mark: int) -> tuple[int, ...]:
    """Return the parts of a photograph's mark, each with its place, that an index finds it by."""
    mask = (1 << BAND_BITS) - 1
    places = range(MARK_BITS // BAND_BITS)
    return tuple(place << BAND_BITS | (mark >> (place * BAND_BITS) & mask) for place in places)


def is_telling(mark: int) -> bool:
    """Whether a photograph shows enough to be told from others."""
    return _TELLING_BITS <= mark.bit_count() <= MARK_BITS - _TELLING_BITS


def is_seen(mark: int, others: Sequence[int], *, bits: int) -> bool:
    """Whether a photograph is one of others, scaled, compressed or brightened anew."""
    return any((mark ^ other).bit_count() <= bits for other in others)
