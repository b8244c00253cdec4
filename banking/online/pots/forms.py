"""What is typed on the pages of pots."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from banking.accounts.wallets.queries import WALLET_CURRENCIES
from kernel import clock
from kernel.money import Money
from kernel.text import N_
from kernel.web import Reader


@dataclass(frozen=True, slots=True)
class Wish:
    """What a pot is for. Shape: target and due_on may be left open."""

    name: str
    target: Money | None
    due_on: date | None

    @classmethod
    def parse(cls, form: Mapping[str, str], *, currency: str) -> Wish:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        name = reader.text("name", most=60)
        target = reader.money("target", currency) if reader.raw("target") else None
        read = cls(name, target, _day(reader))
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class NewPot:
    """A pot to open; key makes a second press of the button harmless."""

    currency: str
    wish: Wish
    key: UUID

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> NewPot:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        currency = reader.choice("currency", WALLET_CURRENCIES)
        key = reader.uuid("key")
        reader.done()
        return cls(currency, Wish.parse(form, currency=currency), key)


@dataclass(frozen=True, slots=True)
class Amount:
    """An amount to put in or to take out, once."""

    amount: Money
    key: UUID

    @classmethod
    def parse(cls, form: Mapping[str, str], *, currency: str) -> Amount:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        read = cls(reader.money("amount", currency), reader.uuid("key"))
        reader.done()
        return read


def _day(reader: Reader) -> date | None:
    typed = reader.raw("due_on")
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        reader.complain("due_on", N_("Choose a day from the calendar."))
        return None
    if not clock.today() <= day or day.year > 2099:
        reader.complain("due_on", N_("Choose a day in the future."))
    return day
