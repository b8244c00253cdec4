"""When a standing order pays; plain values in and out.

Periods are counted from the first day, never from the last payment, so that the 31st stays the
31st after February. A period is known by its key, whatever day its payment falls on.
"""

from __future__ import annotations

import calendar
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo


class Cadence(StrEnum):
    """How often."""

    WEEKLY = "weekly"
    MONTHLY = "monthly"
    QUARTERLY = "quarterly"
    YEARLY = "yearly"


class State(StrEnum):
    """How far a standing order is."""

    AWAITING_APPROVAL = "awaiting_approval"
    ACTIVE = "active"
    PAUSED = "paused"
    ENDED = "ended"


class Result(StrEnum):
    """What became of one period."""

    PAID = "paid"
    FAILED = "failed"
    MISSED = "missed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """When the bank runs standing orders.

    Units: runs_at by the clock of zone. Shape: retry_hours are the waits before each further try
    of a payment that the wallet could not make; ahead_days is how far off the first day may be.
    """

    valid_from: date
    zone: str
    runs_at: time
    late_days: int
    ahead_days: int
    retry_hours: tuple[int, ...]
    source: str


_MONTHS = {Cadence.MONTHLY: 1, Cadence.QUARTERLY: 3, Cadence.YEARLY: 12}


def nominal(first_on: date, cadence: Cadence, number: int) -> date:
    """Return the day of a period, counted from zero; a day that a month lacks is its last."""
    assert number >= 0, "periods count from zero"
    if cadence is Cadence.WEEKLY:
        return first_on + timedelta(weeks=number)
    months = first_on.year * 12 + first_on.month - 1 + number * _MONTHS[cadence]
    year, month = divmod(months, 12)
    last = calendar.monthrange(year, month + 1)[1]
    return date(year, month + 1, min(first_on.day, last))


def period_key(on: date, cadence: Cadence) -> str:
    """Return how the period of a day is called: `2026-W48`, `2026-11`, `2026-Q4`, `2026`."""
    match cadence:
        case Cadence.WEEKLY:
            year, week, _ = on.isocalendar()
            return f"{year}-W{week:02d}"
        case Cadence.MONTHLY:
            return f"{on.year}-{on.month:02d}"
        case Cadence.QUARTERLY:
            return f"{on.year}-Q{(on.month + 2) // 3}"
        case Cadence.YEARLY:
            return str(on.year)


def business_date(now: datetime, terms: Terms) -> date:
    """Return the last day whose payments are due at an instant, by the bank's own clock.

    A night with two hours of two o'clock, or none, moves nothing: payments run in the morning.
    """
    local = now.astimezone(ZoneInfo(terms.zone))
    return local.date() if local.time() >= terms.runs_at else local.date() - timedelta(days=1)


def is_late(due_on: date, today: date, terms: Terms) -> bool:
    """Whether a payment is so late that nobody expects it any more."""
    return (today - due_on).days > terms.late_days


def next_try(tries: int, now: datetime, terms: Terms) -> datetime | None:
    """Return when a payment is tried again that failed for lack of money, None when never.

    Shape: tries counts those made so far.
    """
    assert tries > 0, "there was a try"
    if tries > len(terms.retry_hours):
        return None
    return now + timedelta(hours=terms.retry_hours[tries - 1])


def coming(
    first_on: date,
    cadence: Cadence,
    number: int,
    *,
    count: int,
    moved: Callable[[date], date],
    last_on: date | None,
) -> list[date]:
    """Return the days of the next payments, from a period on."""
    days = [nominal(first_on, cadence, number + n) for n in range(count)]
    return [moved(day) for day in days if last_on is None or day <= last_on]


def first_after(first_on: date, cadence: Cadence, number: int, today: date) -> int:
    """Return the first period, from one on, whose day has not passed."""
    while nominal(first_on, cadence, number) <= today:
        number += 1
    return number
