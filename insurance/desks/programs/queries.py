"""Reads that no page asks for as programs do."""

from __future__ import annotations

from datetime import date

from insurance.reporting.bordereaux import queries as bordereaux
from insurance.reporting.bordereaux.errors import MonthUnknown
from insurance.reporting.bordereaux.queries import Month
from kernel.actor import Actor


def months_of(actor: Actor, *, month: date, insurer_key: str, currency: str) -> list[Month]:
    """Return what was booked in a month, one for each insurer and currency.

    Of the insurers that the actor may look at.

    Shape: an empty key or currency stands for all of them. Raises: MonthUnknown.
    """
    known = [
        one
        for one in bordereaux.months(actor=actor)
        if one.month == month
        and insurer_key in {"", one.insurer_key}
        and currency in {"", one.currency}
    ]
    if not known:
        raise MonthUnknown
    return [
        bordereaux.month_of(
            month=month, insurer_key=one.insurer_key, currency=one.currency, actor=actor
        )
        for one in known
    ]
