"""The rail's dated calendars, read once from the data beside this file."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

from banking.rail.errors import RailNotOffered
from banking.rail.rules import Calendar, Promise
from banking.rail.rules import promised as promised_by


@cache
def _calendars() -> Sequence[Calendar]:
    path = Path(__file__).parent / "data" / "calendars.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    typed = {"valid_from": date.fromisoformat, "cut_off": time.fromisoformat,
             "settles_at": time.fromisoformat}  # fmt: skip
    return [Calendar(**row | {name: read(row[name]) for name, read in typed.items()})
            for row in rows]  # fmt: skip


def currencies() -> list[str]:
    """Return the currencies that a rail carries out of the house."""
    return list(dict.fromkeys(calendar.currency for calendar in _calendars()))


def calendar_of(*, currency: str, on: date) -> Calendar:
    """Return the calendar in force on a day. Raises: RailNotOffered."""
    fitting = [c for c in _calendars() if c.currency == currency and c.valid_from <= on]
    if not fitting:
        raise RailNotOffered(offered=", ".join(currencies()))
    return max(fitting, key=lambda calendar: calendar.valid_from)


def reaches(*, currency: str, country: str, on: date) -> bool:
    """Whether a rail carries a currency to accounts of a country."""
    return currency in currencies() and country in calendar_of(currency=currency, on=on).countries


def promised(*, currency: str, at: datetime) -> Promise:
    """Return when a payment accepted at an instant leaves and arrives. Raises: RailNotOffered."""
    return promised_by(at, calendar_of(currency=currency, on=at.date()))
