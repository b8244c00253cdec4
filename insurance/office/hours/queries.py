"""Until when something is promised, in the days of the claims office."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from banking import api as bank
from insurance.office.hours.rules import hours_on


def later(at: datetime, *, days: int) -> datetime:
    """Return the instant so many days of the office after another, at the same time of its day.

    By the row in force on the day of the first instant: what began before a new one keeps its own.
    What comes while the office rests counts from the beginning of its next day.
    """
    hours = hours_on(at.date())
    if not hours.days_of:
        return at + timedelta(days=days)
    return bank.business_days_later(currency=hours.days_of, at=at, days=days)


def day_of(at: datetime, *, began: datetime) -> date:
    """Return the office's day of an instant, by the row in force when its time began."""
    return at.astimezone(ZoneInfo(hours_on(began.date()).zone)).date()


def counts_working_days(on: date) -> bool:
    """Whether weekends and the office's holidays are left out from a day on."""
    return bool(hours_on(on).days_of)
