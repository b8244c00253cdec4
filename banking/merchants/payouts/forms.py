"""What is typed on the pages of payouts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from banking.authorisation.payees.errors import AccountUnreadable
from banking.authorisation.payees.queries import Target, numbered
from banking.merchants.payouts.queries import Cadence, Schedule
from kernel.errors import Invalid
from kernel.money import Money
from kernel.text import N_, Message
from kernel.web import Reader

WEEKDAYS = ("0", "1", "2", "3", "4")


@dataclass(frozen=True, slots=True)
class NewAccount:
    """The account that payouts are to go to; key makes a second press harmless."""

    account: Target
    name: str
    whatever_name: bool
    key: UUID

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> NewAccount:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        typed, name = reader.text("to", most=60), reader.text("name", most=70)
        account, key = Target(), reader.uuid("key")
        if typed:
            try:
                account = numbered(typed)
            except AccountUnreadable as wrong:
                reader.complain("to", wrong.why.msgid, **wrong.why.data)
        reader.done()
        return cls(account, name, reader.flag("whatever_name"), key)


@dataclass(frozen=True, slots=True)
class Days:
    """When and from how much on."""

    schedule: Schedule
    least: Money

    @classmethod
    def parse(cls, form: Mapping[str, str], currency: str) -> Days:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        cadence = reader.choice("cadence", set(Cadence))
        weekday = reader.choice("weekday", WEEKDAYS, default="3")
        day = reader.integer("month_day", low=1, high=31)
        least = reader.money("least", currency)
        reader.done()
        return cls(Schedule(Cadence(cadence), int(weekday), day), least)


@dataclass(frozen=True, slots=True)
class Pause:
    """Why a vendor's payouts are paused, in words that the vendor reads."""

    words: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Pause:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        read = cls(reader.text("words", most=300))
        reader.done()
        return read


def key_of(form: Mapping[str, str]) -> UUID:
    """Return the key that a page of ours carried. Raises: Invalid."""
    reader = Reader(form)
    key = reader.uuid("key")
    reader.done()
    return key


def place_before(typed: str) -> tuple[datetime, UUID] | None:
    """Return where a list goes on: `instant_id`. Raises: Invalid for what we did not write."""
    if not typed:
        return None
    at, _, last = typed.rpartition("_")
    try:
        place = datetime.fromisoformat(at), UUID(last)
    except ValueError:
        place = None
    if place is None or place[0].tzinfo is None:
        raise Invalid({"before": Message(N_("This page is out of date. Please open it again."))})
    return place


def place_after(typed: str) -> tuple[UUID, str] | None:
    """Return where a list by vendor goes on: `id_text`. Raises: Invalid for anything else."""
    if not typed:
        return None
    vendor, _, rest = typed.partition("_")
    try:
        return UUID(vendor), rest
    except ValueError:
        wrong = Message(N_("This page is out of date. Please open it again."))
        raise Invalid({"after": wrong}) from None
