"""Periods of premium tax, the days by which they are due, and where each stands."""

from __future__ import annotations

import hashlib
import json
from calendar import monthrange
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from kernel import dated

_DATA = Path(__file__).parent / "data" / "remitting.json"
_ANY = "any"


class Stage(StrEnum):
    """Where a period stands: months are missing, it can be prepared, it waits, it was paid."""

    OPEN = "open"
    READY = "ready"
    PREPARED = "prepared"
    PAID = "paid"


class ReturnState(StrEnum):
    """Where a return that somebody prepared stands."""

    PREPARED = "prepared"
    SENT_BACK = "sent_back"
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class RemittingRow:
    """By when a country is paid, from a day on; `any` stands for countries without a row.

    Shape: months are those of a period, counted from January; it is due on a day of the month so
    many months after its last one, or on that month's last day where it is shorter; on a day on
    which the calendar of a currency rests it is due on the `next` day that does not, or `before`.
    """

    valid_from: date
    country: str
    authority: str
    months: int
    months_later: int
    day: int
    if_closed: str
    calendar: str
    source: str
    confidence: str

    @property
    def step(self) -> int:
        """Which way a due day moves off a day of rest, as the calendar takes it."""
        return 1 if self.if_closed == "next" else -1


@dataclass(frozen=True, slots=True, kw_only=True)
class ReturnLine:
    """A line of the tax bordereau of a period.

    Units: minor units. Shape: month is its first day; journals are the numbers of those that
    charged the tax, and of the one that brought it to the insurer.
    """

    month: date
    subject: str
    rate: str
    net: int
    tax: int
    journals: tuple[int, ...]


@cache
def remitting_rows() -> tuple[RemittingRow, ...]:
    """Return by when countries are paid, every row."""
    return dated.read(_DATA, RemittingRow)


def row_for(country: str, *, month: date, rows: Iterable[RemittingRow]) -> RemittingRow:
    """Return the row by which tax of a month is paid to a country.

    Shape: month is its first day. Raises: ValueError before the first row.
    """
    known = list(rows)
    own = [row for row in known if row.country == country and row.valid_from <= month]
    return dated.in_force(own or [row for row in known if row.country == _ANY], month)


def period_of(month: date, row: RemittingRow) -> date:
    """Return the first day of the period that a month belongs to."""
    return date(month.year, month.month - (month.month - 1) % row.months, 1)


def months_in(first: date, row: RemittingRow) -> list[date]:
    """Return the months of a period by their first days."""
    return [shifted(first, ahead) for ahead in range(row.months)]


def shifted(month: date, ahead: int) -> date:
    """Return the first day of the month so many months later."""
    later = month.month - 1 + ahead
    return date(month.year + later // 12, later % 12 + 1, 1)


def named_day(first: date, row: RemittingRow) -> date:
    """Return the day that the law names for a period, wherever it falls."""
    month = shifted(first, row.months - 1 + row.months_later)
    last = monthrange(month.year, month.month)[1]
    return month.replace(day=min(row.day, last))


def stage_of(*, is_whole: bool, state: ReturnState | None) -> Stage:
    """Return where a period stands by its months and by the return that was prepared last."""
    if state is ReturnState.PAID:
        return Stage.PAID
    if state is ReturnState.PREPARED:
        return Stage.PREPARED
    return Stage.READY if is_whole else Stage.OPEN


def days_late(*, due_on: date, paid_on: date | None, today: date) -> int:
    """Return by how many days a period was paid late or is late by today; 0 in time."""
    return max(((paid_on or today) - due_on).days, 0)


def fingerprint(lines: Sequence[ReturnLine]) -> str:
    """Return the SHA-256 of a return's lines, in hexadecimal digits."""
    stated = [
        [f"{line.month:%Y-%m}", line.subject, line.rate, line.net, line.tax, list(line.journals)]
        for line in lines
    ]
    return hashlib.sha256(json.dumps(stated).encode()).hexdigest()
