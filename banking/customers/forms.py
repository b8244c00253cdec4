"""What is typed on the pages of limits and of getting known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from babel import Locale
from werkzeug.datastructures import FileStorage

from banking.limits.queries import Period
from banking.onboarding.queries import OF_AGE, DocumentKind, Identity, age
from banking.wallets.queries import WALLET_CURRENCIES
from kernel import clock
from kernel.money import Money
from kernel.text import N_
from kernel.web import Reader

# Territories that CLDR names without being a country of anybody's passport.
_NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
COUNTRIES = sorted(
    code
    for code in map(str, Locale("en").territories)
    if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
)


@dataclass(frozen=True, slots=True)
class OwnLimit:
    """A limit that a customer chooses for a wallet."""

    currency: str
    period: Period
    amount: Money

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> OwnLimit:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        currency = reader.choice("currency", WALLET_CURRENCIES)
        period = reader.choice("period", [str(period) for period in Period])
        reader.done()
        amount = reader.money("amount", currency)
        reader.done()
        return cls(currency, Period(period), amount)


@dataclass(frozen=True, slots=True)
class WhoIAm:
    """Who a customer says they are."""

    identity: Identity

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> WhoIAm:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        identity = Identity(
            name=reader.text("name", most=120), born_on=_born_on(reader),
            nationality=reader.choice("nationality", COUNTRIES),
            street=reader.text("street", most=160), postcode=reader.text("postcode", most=20),
            city=reader.text("city", most=80), country=reader.choice("country", COUNTRIES),
        )  # fmt: skip
        reader.done()
        return cls(identity)


def _born_on(reader: Reader) -> date:
    today = clock.today()
    try:
        born_on = date.fromisoformat(reader.raw("born_on"))
    except ValueError:
        reader.complain("born_on", N_("Enter a date, like 1990-05-31."))
        return today
    years = age(born_on, today)
    if not 0 <= years <= 120:
        reader.complain("born_on", N_("Enter a date, like 1990-05-31."))
    elif years < OF_AGE:
        reader.complain(
            "born_on", N_("You have to be %(years)d or older to be verified."), years=OF_AGE
        )
    return born_on


@dataclass(frozen=True, slots=True)
class ShownDocument:
    """A document that a customer sends; its content is looked at by the bank."""

    kind: DocumentKind
    data: bytes

    @classmethod
    def parse(cls, form: Mapping[str, str], files: Mapping[str, FileStorage]) -> ShownDocument:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        kind = reader.choice("kind", [str(kind) for kind in DocumentKind])
        sent = files.get("document")
        data = sent.read() if sent is not None else b""
        if not data:
            reader.complain("document", N_("Please add a document first."))
        reader.done()
        return cls(DocumentKind(kind), data)
