"""How long claims money lasts, and when the insurer is asked for more."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from kernel import dated
from kernel.money import Money

_DATA = Path(__file__).parent / "data" / "float.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """Limits of claims money from a day on. Units: days."""

    valid_from: date
    call_below_days: int
    call_up_to_days: int
    looks_back_days: int
    answer_days: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Float:
    """The claims money of an insurer in a currency.

    Units: days that it lasts by what was paid lately, None where nothing was. Shape: call is what
    the insurer is asked for, nothing while it lasts.
    """

    insurer_key: str
    balance: Money
    paid: Money
    days: int | None
    call: Money


@cache
def _rows() -> tuple[Terms, ...]:
    return dated.read(_DATA, Terms)


def terms_on(day: date) -> Terms:
    """Return the limits in force on a day. Raises: ValueError before the first."""
    return dated.in_force(_rows(), day)


def monitored(insurer_key: str, balance: Money, paid: Money, terms: Terms) -> Float:
    """Return how long claims money lasts, and what brings it up again where that is too short."""
    zero = Money.zero(balance.currency)
    if paid <= zero:
        return Float(
            insurer_key=insurer_key, balance=balance, paid=paid, days=None, call=max(-balance, zero)
        )
    days = max(balance.minor, 0) * terms.looks_back_days // paid.minor
    wanted = paid.times(Fraction(terms.call_up_to_days, terms.looks_back_days))
    call = wanted - balance if days < terms.call_below_days else zero
    return Float(insurer_key=insurer_key, balance=balance, paid=paid, days=days, call=call)
