"""The dated windows of payouts, read once from the data beside this file, and their days."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, time
from functools import cache
from pathlib import Path

from banking.core.rail import queries as rail
from banking.merchants.payouts import rules
from banking.merchants.payouts.rules import Terms, business_date
from kernel import clock, currencies, dated
from kernel.money import Money


@cache
def _terms() -> Sequence[Terms]:
    path = Path(__file__).parent / "data" / "terms.json"
    rows = json.loads(path.read_text(encoding="utf-8"))
    return [
        Terms(
            **row
            | {
                "valid_from": date.fromisoformat(row["valid_from"]),
                "runs_at": time.fromisoformat(row["runs_at"]),
                "reserve_steps": [
                    (step["troubled_bp"], step["kept_bp"]) for step in row["reserve_steps"]
                ],
            }
        )
        for row in rows
    ]


@dataclass(frozen=True, slots=True)
class _Least:
    """The smallest payout in a currency, from a day on. Units: minor units."""

    valid_from: date
    minor: int


@cache
def _least() -> Mapping[str, Sequence[_Least]]:
    return {
        code: [_Least(date.fromisoformat(row["valid_from"]), row["least_minor"]) for row in rows]
        for code, rows in currencies.part("payouts").items()
    }


def terms() -> Terms:
    """Return the windows and the reserve in force today."""
    return dated.in_force(_terms(), clock.today())


def today() -> date:
    """Return the day whose runs are on."""
    return business_date(clock.now(), terms())


def house_least(currency: str) -> Money:
    """Return the smallest amount that is sent in a currency."""
    return Money(dated.in_force(_least()[currency], clock.today()).minor, currency)


def pay_day(nominal: date, currency: str) -> date:
    """Return the day on which what is due on a day is paid: the rail may rest on it."""
    calendar = rail.calendar_of(currency=currency, on=nominal)
    return rules.pay_day(nominal, lambda on: rail.is_open(on, calendar))


def payable() -> list[str]:
    """Return the currencies that payouts are made in: those the rail carries."""
    return rail.currencies()
