"""How insurers and months stand in addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from insurance.money.books import service as books
from insurance.money.books.errors import InsurerUnknown
from insurance.money.books.service import Insurer
from insurance.money.reserves.queries import month_after
from insurance.reporting.bordereaux.errors import MonthUnknown
from insurance.reporting.ratios.queries import By
from kernel import clock
from kernel.money import CURRENCIES, Money
from kernel.web.forms import Reader

_MOST = 10**13
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


def read_month(typed: str) -> date:
    """Return the first day of a month such as 2026-06. Raises: MonthUnknown."""
    found = _MONTH.fullmatch(typed)
    if found is None:
        raise MonthUnknown
    return date(int(found[1]), int(found[2]), 1)


def chosen(args: Mapping[str, str]) -> Insurer:
    """Return the insurer that an address names, the first where it names none.

    Raises: InsurerUnknown.
    """
    key = args.get("insurer")
    if key is None:
        return books.first_insurer()
    found = next((one for one in books.insurers() if one.key == key), None)
    if found is None:
        raise InsurerUnknown
    return found


def called(key: str) -> Insurer:
    """Return an insurer by its key. Raises: InsurerUnknown."""
    return chosen({"insurer": key})


def parse_reason(form: Mapping[str, str]) -> str:
    """Read why a tax return is sent back. Raises: Invalid."""
    reader = Reader(form)
    reason = reader.text("reason", most=1000, is_long=True)
    reader.done()
    return reason


def parse_call(form: Mapping[str, str]) -> tuple[Money, str]:
    """Read how much claims money is asked for, and why. Raises: Invalid."""
    reader = Reader(form)
    currency = reader.choice("currency", sorted(CURRENCIES))
    known = currency if currency in CURRENCIES else "EUR"
    amount = reader.money("amount", known, most=Money(_MOST, known))
    reason = reader.text("reason", most=500, is_long=True)
    reader.done()
    return amount, reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What a board shows. Shape: from a month to another, both named as 2026-06 and included."""

    insurer: Insurer
    by: By
    currency: str
    first: date
    after: date
    within: tuple[By, str] | None

    @property
    def last(self) -> date:
        """The last month that is shown."""
        return (self.after - date.resolution).replace(day=1)


def read_look(args: Mapping[str, str]) -> Look:
    """Return what an address asks to see; what it does not say, or says wrongly, is this year.

    Raises: InsurerUnknown.
    """
    today = clock.today()
    first = _month_or(args.get("from", ""), today.replace(month=1, day=1))
    last = max(first, _month_or(args.get("to", ""), today.replace(day=1)))
    within, of = _by(args.get("within", "")), args.get("of", "")[:80]
    if shop := args.get("shop", "")[:80]:
        within, of = By.SHOP, shop
    currency = args.get("currency", "")
    return Look(
        insurer=chosen(args),
        by=_by(args.get("by", "")) or By.PRODUCT,
        currency=currency if currency in CURRENCIES else "EUR",
        first=first,
        after=month_after(last),
        within=(within, of) if within else None,
    )


def _by(typed: str) -> By | None:
    return By(typed) if typed in set(By) else None


def _month_or(typed: str, otherwise: date) -> date:
    found = _MONTH.fullmatch(typed)
    return date(int(found[1]), int(found[2]), 1) if found else otherwise
