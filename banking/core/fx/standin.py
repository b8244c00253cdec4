"""The demonstration's publisher of rates: it goes on where the packaged history ends.

Its figures are invented, and every page that shows one says so. They walk a little every working
day, so that a chart lives, and never far from the last figure that was really published.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from decimal import Decimal

from banking.core.fx.gateway import Published

_SATURDAY = 5
# A day moves a rate by at most a quarter of a percent, and what a day did is undone after ten: the
# walk stays within two and a half percent of where it began.
_STEP = Decimal("0.0025")
_REMEMBERED = 10
_DIGITS = 6


def continued(
    published: Sequence[Published], *, until: date, known: date | None = None
) -> Iterator[Published]:
    """Yield a rate of every working day after the newest one, for each currency quoted on it.

    The same history and day always give the same figure, whenever and how often it is asked.
    Shape: known is the last day whose rates are there already; none for all days.
    """
    newest = max(rate.rate_on for rate in published)
    days = list(_working_days(newest, until))
    begin = sum(day <= known for day in days) if known else 0
    if begin == len(days):
        return
    moving = range(max(0, begin + 1 - _REMEMBERED), len(days))
    for last in (rate for rate in published if rate.rate_on == newest):
        moves = {number: _move(last.currency, days[number]) for number in moving}
        for number, day in enumerate(days[begin:], begin):
            recent = (moves[n] for n in range(max(0, number + 1 - _REMEMBERED), number + 1))
            yield Published(last.currency, day, _figure(last.per_euro * (1 + sum(recent))))


def _working_days(after: date, until: date) -> Iterator[date]:
    for number in range(1, (until - after).days + 1):
        day = after + timedelta(days=number)
        if day.weekday() < _SATURDAY:
            yield day


def _move(currency: str, day: date) -> Decimal:
    """Return by which share a day moves a currency: between minus and plus one step."""
    drawn = hashlib.sha256(f"{currency} {day}".encode()).digest()
    return _STEP * (int.from_bytes(drawn[:2]) - 0x8000) / 0x8000


def _figure(per_euro: Decimal) -> Decimal:
    """Return a figure with as many digits as publishers give."""
    return per_euro.quantize(Decimal(1).scaleb(per_euro.adjusted() + 1 - _DIGITS))
