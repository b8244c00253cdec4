"""What is typed on the pages of paying."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from werkzeug.datastructures import FileStorage

from banking.accounts.wallets.queries import WALLET_CURRENCIES
from banking.authorisation.payees.errors import AccountUnreadable
from banking.authorisation.payees.queries import Target, target
from banking.transferring.requests.queries import Wanted, read_code, read_picture
from banking.transferring.standing.queries import Cadence
from banking.transferring.standing.service import Rhythm
from kernel.errors import Invalid
from kernel.money import Money
from kernel.text import N_, Message
from kernel.web import Reader

_MOST_BYTES = 8 * 1024 * 1024
DAYS = ("3", "7", "14", "30")


@dataclass(frozen=True, slots=True)
class Who:
    """Whom to pay. Shape: a handle needs no name, since its owner is shown by name."""

    account: Target
    name: str
    key: UUID

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Who:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        typed, key = reader.text("to", most=60), reader.uuid("key")
        account, name = Target(), reader.text("name", most=70, optional=typed.startswith("@"))
        if typed:
            try:
                account = target(typed)
            except AccountUnreadable as wrong:
                reader.complain("to", wrong.why.msgid, **wrong.why.data)
        reader.done()
        return cls(account, name, key)


@dataclass(frozen=True, slots=True)
class Code:
    """A payment code as a picture or as its text."""

    wanted: Wanted
    account: Target
    key: UUID

    @classmethod
    def parse(cls, form: Mapping[str, str], files: Mapping[str, FileStorage]) -> Code:
        """Read the form. Raises: Invalid, CodeUnreadable."""
        reader = Reader(form)
        text, key = (
            reader.text("payload", most=400, optional=True, is_long=True),
            reader.uuid("key"),
        )
        picture = files.get("code")
        content = picture.stream.read(_MOST_BYTES + 1) if picture and picture.filename else b""
        if not content and not text:
            reader.complain("code", N_("Choose a photo of the code, or paste its text."))
        elif len(content) > _MOST_BYTES:
            reader.complain("code", N_("Choose an image of at most 8 MB."))
        reader.done()
        wanted = read_picture(content) if content else read_code(text)
        try:
            return cls(wanted, target(wanted.iban), key)
        except AccountUnreadable as wrong:
            raise Invalid({"code": Message(wrong.message)}) from wrong


@dataclass(frozen=True, slots=True)
class HowMuch:
    """Amount, words for the payee, and the day; no day is at once."""

    amount: Money
    reference: str
    due_on: date | None

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> HowMuch:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        currency = reader.choice("currency", WALLET_CURRENCIES)
        reader.done()
        reference = reader.text("reference", most=140, optional=True)
        read = cls(reader.money("amount", currency), reference, _day(reader, "due_on"))
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class Asking:
    """A request for money. Units: days it may be paid."""

    amount: Money
    reference: str
    days: int
    key: UUID

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Asking:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        currency = reader.choice("currency", WALLET_CURRENCIES)
        days = reader.choice("days", DAYS)
        reader.done()
        reference = reader.text("reference", most=140, optional=True)
        read = cls(reader.money("amount", currency), reference, int(days), reader.uuid("key"))
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class Routine:
    """A standing order to be."""

    amount: Money
    reference: str
    rhythm: Rhythm
    key: UUID

    @classmethod
    def parse(cls, form: Mapping[str, str], currency: str) -> Routine:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        cadence = reader.choice("cadence", list(Cadence))
        first_on, last_on = _day(reader, "first_on"), _day(reader, "last_on")
        if first_on is None:
            reader.complain("first_on", N_("Choose a day from tomorrow."))
        reference = reader.text("reference", most=140, optional=True)
        amount, key = reader.money("amount", currency), reader.uuid("key")
        reader.done()
        assert first_on is not None, "a form without it was sent back"
        rhythm = Rhythm(cadence=Cadence(cadence), first_on=first_on, last_on=last_on)
        return cls(amount, reference, rhythm, key)


def _day(reader: Reader, name: str) -> date | None:
    typed = reader.raw(name)
    if not typed:
        return None
    try:
        return date.fromisoformat(typed)
    except ValueError:
        reader.complain(name, N_("Enter a day, like 2026-12-31."))
        return None
