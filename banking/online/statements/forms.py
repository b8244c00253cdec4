"""What is typed on the pages of statements."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from banking.accounts.wallets.queries import WALLET_CURRENCIES
from banking.online.statements.errors import StatementUnknown
from banking.online.statements.rules import Format
from kernel import clock
from kernel.text import N_
from kernel.web import Reader


@dataclass(frozen=True, slots=True)
class Wanted:
    """Days of a wallet as a file; key makes a second press of the button harmless."""

    currency: str
    since: date
    until: date
    format: Format
    key: UUID

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Wanted:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        currency = reader.choice("currency", WALLET_CURRENCIES)
        kind = reader.choice("format", set(Format))
        since, until = _day(reader, "from"), _day(reader, "to")
        key = reader.uuid("key")
        if since and until and until < since:
            reader.complain("to", N_("The last day is before the first."))
        reader.done()
        assert since is not None, "checked above"
        assert until is not None, "checked above"
        return cls(currency, since, until, Format(kind), key)


def _day(reader: Reader, name: str) -> date | None:
    try:
        day = date.fromisoformat(reader.raw(name))
    except ValueError:
        reader.complain(name, N_("Choose a day from the calendar."))
        return None
    if not day.year >= 2000 or day > clock.today():
        reader.complain(name, N_("Choose a day up to today."))
    return day


def month(typed: str) -> date:
    """Return the month that an address names as 2026-10. Raises: StatementUnknown."""
    try:
        return date.fromisoformat(f"{typed}-01")
    except ValueError:
        raise StatementUnknown from None


def kind(typed: str) -> Format:
    """Return the kind of file that an address names. Raises: StatementUnknown."""
    if typed not in set(Format):
        raise StatementUnknown
    return Format(typed)
