"""How insurers and months stand in addresses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from insurance.money.books.errors import InsurerUnknown
from insurance.money.books.service import Insurer
from insurance.money.reserves.queries import month_after
from insurance.reporting.bordereaux.errors import MonthUnknown
from insurance.reporting.float_calls.queries import Says
from insurance.reporting.insurer_people import queries as insurer_people
from insurance.reporting.ratios.queries import By
from kernel import clock
from kernel.actor import Actor
from kernel.money import CURRENCIES, Money
from kernel.text import N_
from kernel.web.forms import Reader

_MOST = 10**13
# How far ahead a payment may be announced.
_LATEST = timedelta(days=92)
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


def read_month(typed: str) -> date:
    """Return the first day of a month such as 2026-06. Raises: MonthUnknown."""
    found = _MONTH.fullmatch(typed)
    if found is None:
        raise MonthUnknown
    return date(int(found[1]), int(found[2]), 1)


def chosen(args: Mapping[str, str], actor: Actor) -> Insurer:
    """Return the insurer that an address names, of those that the actor may look at.

    Where it names none it is the first of them. Raises: InsurerUnknown.
    """
    seen, key = insurer_people.visible(actor), args.get("insurer")
    found = next((one for one in seen if key in {None, one.key}), None)
    if found is None:
        raise InsurerUnknown
    return found


def called(key: str, actor: Actor) -> Insurer:
    """Return an insurer by its key, one that the actor may look at. Raises: InsurerUnknown."""
    return chosen({"insurer": key}, actor)


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


def parse_answer(form: Mapping[str, str]) -> tuple[Says, date | None, str]:
    """Read what a treasurer answers to a letter: a day, or why not. Raises: Invalid."""
    reader = Reader(form)
    chosen = reader.choice("says", [one.value for one in Says])
    says = Says(chosen) if chosen in set(Says) else Says.PAYS
    pays = says is Says.PAYS
    words = reader.text("words", most=500, optional=pays, is_long=True)
    pay_on = _day_to_come(reader, "pay_on") if pays else None
    reader.done()
    return says, pay_on, words


def _day_to_come(reader: Reader, name: str) -> date | None:
    try:
        day = date.fromisoformat(reader.raw(name))
    except ValueError:
        day = None
    if day is None or not clock.today() <= day <= clock.today() + _LATEST:
        reader.complain(name, N_("Choose a day from today on, within three months."))
        return None
    return day


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


def read_look(args: Mapping[str, str], actor: Actor) -> Look:
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
        insurer=chosen(args, actor),
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
