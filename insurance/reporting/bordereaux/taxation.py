"""Who settles premium tax with a state: dated rows by country, each with its source."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from functools import cache
from pathlib import Path

from kernel import dated

_DATA = Path(__file__).parent / "data" / "tax_payers.json"
_ANY = "any"


class TaxPayer(StrEnum):
    """Who pays the tax of a premium to the state."""

    INSURER = "insurer"
    AGENT = "agent"
    POLICYHOLDER = "policyholder"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxPayerRow:
    """Who pays in a country from a day on; `any` stands for countries without a row."""

    valid_from: date
    country: str
    payer: str
    source: str
    confidence: str


@cache
def tax_payer_rows() -> tuple[TaxPayerRow, ...]:
    """Return who pays, every row."""
    return dated.read(_DATA, TaxPayerRow)


def tax_payer(country: str, *, month: date, rows: Iterable[TaxPayerRow]) -> TaxPayer:
    """Return who pays what premiums of a month owe to a country.

    The row in force on the month's first day counts for all of it, so that a month has one payer.
    Shape: month is its first day. Raises: ValueError before the first row.
    """
    known = list(rows)
    own = [row for row in known if row.country == country and row.valid_from <= month]
    found = own or [row for row in known if row.country == _ANY]
    return TaxPayer(dated.in_force(found, month).payer)
