"""The rail's dated calendars, read once from the data beside this file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import date, datetime, time
from functools import cache
from pathlib import Path

from banking.core.rail.errors import CountryNotReached, RailDoesNotReach, RailNotOffered
from banking.core.rail.rules import Calendar, Promise, days_later
from banking.core.rail.rules import open_day as open_day_by
from banking.core.rail.rules import promised as promised_by
from kernel.text import CountryAlone


@cache
def _calendars() -> Sequence[Calendar]:
    path = Path(__file__).parent / "data" / "calendars.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    typed = {
        "valid_from": date.fromisoformat,
        "cut_off": time.fromisoformat,
        "settles_at": time.fromisoformat,
    }
    return [
        Calendar(**row | {name: read(row[name]) for name, read in typed.items()}) for row in rows
    ]


def currencies() -> list[str]:
    """Return the currencies that a rail carries out of the house."""
    return list(dict.fromkeys(calendar.currency for calendar in _calendars()))


def calendar_of(*, currency: str, on: date) -> Calendar:
    """Return the calendar in force on a day. Raises: RailNotOffered."""
    fitting = [c for c in _in_force(on) if c.currency == currency]
    if not fitting:
        raise RailNotOffered(currency=currency)
    return fitting[0]


def _in_force(on: date) -> list[Calendar]:
    """Return the newest calendar of each currency that has begun by a day."""
    begun = sorted((c for c in _calendars() if c.valid_from <= on), key=lambda c: c.valid_from)
    return list({calendar.currency: calendar for calendar in begun}.values())


def reaches(*, currency: str, country: str, on: date) -> bool:
    """Whether a rail carries a currency to accounts of a country."""
    return any(c.currency == currency and country in c.countries for c in _in_force(on))


def examples(*, currencies: Iterable[str], on: date) -> list[str]:
    """Return how accounts are written that a rail carries these currencies to, one of each.

    Where none is carried, the first rail there is has to do.
    """
    carried, wanted = _in_force(on), set(currencies)
    return [c.example for c in carried if c.currency in wanted] or [carried[0].example]


def check_reach(*, currency: str, country: str, on: date) -> None:
    """Refuse to send a currency where no rail carries it, with what is carried there.

    Raises: RailNotOffered, RailDoesNotReach, CountryNotReached.
    """
    calendar_of(currency=currency, on=on)
    if reaches(currency=currency, country=country, on=on):
        return
    offered = [c.currency for c in _in_force(on) if country in c.countries]
    if not offered:
        raise CountryNotReached(country=CountryAlone(country))
    raise RailDoesNotReach(
        country=CountryAlone(country), offered=", ".join(offered), currency=currency
    )


def promised(*, currency: str, at: datetime) -> Promise:
    """Return when a payment accepted at an instant leaves and arrives. Raises: RailNotOffered."""
    return promised_by(at, calendar_of(currency=currency, on=at.date()))


def business_days_later(*, currency: str, at: datetime, days: int) -> datetime:
    """Return the instant so many business days of a currency after another; public days rest.

    Raises: RailNotOffered.
    """
    return days_later(at, calendar_of(currency=currency, on=at.date()), days=days)


def open_day(*, currency: str, on: date, step: int = 1) -> date:
    """Return the day itself where a currency's rail works on it, else the next, or the one before.

    Shape: step is 1 for the next and -1 for the one before. Raises: RailNotOffered.
    """
    return open_day_by(on, calendar_of(currency=currency, on=on), step=step)
