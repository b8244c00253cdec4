"""Losses that have happened and that nobody has reported (IBNR), by what is expected of premium."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path

from kernel import dated
from kernel.money import Money

_DATA = Path(__file__).parent / "data" / "unreported.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What is thought of losses from a day on.

    Units: expected_loss_ratio as a share of earned premium; reported_share of these losses.
    """

    valid_from: date
    expected_loss_ratio: Fraction
    reported_share: Fraction
    source: str


@cache
def _rows() -> tuple[Expected, ...]:
    return dated.read(_DATA, _expected)


def _expected(
    *, valid_from: date, expected_loss_ratio: str, reported_share: str, source: str
) -> Expected:
    return Expected(
        valid_from=valid_from,
        expected_loss_ratio=Fraction(expected_loss_ratio),
        reported_share=Fraction(reported_share),
        source=source,
    )


def expected_on(day: date) -> Expected:
    """Return what is expected on a day. Raises: ValueError before the first."""
    return dated.in_force(_rows(), day)


def unreported(earned: Money, expected: Expected) -> Money:
    """Return what is reserved for losses not reported yet, at least nothing; rounded once."""
    share = expected.expected_loss_ratio * (1 - expected.reported_share)
    return max(earned.times(share), Money.zero(earned.currency))


def month_before(first: date) -> date:
    """Return the first day of the month before."""
    return (first - timedelta(days=1)).replace(day=1)


def month_after(first: date) -> date:
    """Return the first day of the next month."""
    return (first + timedelta(days=31)).replace(day=1)
