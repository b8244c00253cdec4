"""What is typed on the pages of limits and of getting known."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from babel import Locale
from werkzeug.datastructures import FileStorage

from banking.accounts.limits.queries import Period
from banking.accounts.wallets.queries import WALLET_CURRENCIES
from banking.compliance.onboarding.queries import (
    OF_AGE,
    WHOLE_BP,
    BeneficialOwner,
    Company,
    DocumentKind,
    Identity,
    age,
)
from kernel import clock
from kernel.money import Money
from kernel.text import N_
from kernel.web import Reader
from kernel.web.i18n import ascii_digits

# Territories that CLDR names without being a country of anybody's passport.
_NO_COUNTRIES = {"EU", "EZ", "UN", "QO", "ZZ", "XA", "XB", "AC", "CP", "CQ", "DG", "EA", "IC", "TA"}
COUNTRIES = sorted(
    code
    for code in map(str, Locale("en").territories)
    if len(code) == 2 and code.isalpha() and code not in _NO_COUNTRIES
)


# Four people at most can each own a quarter.
OWNERS = (1, 2, 3, 4)


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
            name=reader.text("name", most=120),
            born_on=_born_on(reader),
            nationality=reader.choice("nationality", COUNTRIES),
            street=reader.text("street", most=160),
            postcode=reader.text("postcode", most=20, optional=True),
            city=reader.text("city", most=100),
            country=reader.choice("country", COUNTRIES),
        )
        reader.done()
        return cls(identity)


def _born_on(reader: Reader, name: str = "born_on") -> date:
    today = clock.today()
    try:
        born_on = date.fromisoformat(reader.raw(name))
    except ValueError:
        reader.complain(name, N_("Enter a date, like 1990-05-31."))
        return today
    years = age(born_on, today)
    if not 0 <= years <= 120:
        reader.complain(name, N_("Enter a date, like 1990-05-31."))
    elif years < OF_AGE and name == "born_on":  # a child may own a company, and speak for none
        reader.complain(name, N_("You have to be %(years)d or older to be verified."), years=OF_AGE)
    return born_on


@dataclass(frozen=True, slots=True)
class WhatWeAre:
    """What a company is, who owns it, and who speaks for it."""

    company: Company
    owners: Sequence[BeneficialOwner]
    representative: Identity

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> WhatWeAre:
        """Read the form. The representative is reached at the company. Raises: Invalid."""
        reader = Reader(form)
        seat = {
            "street": reader.text("street", most=160),
            "postcode": reader.text("postcode", most=20, optional=True),
            "city": reader.text("city", most=100),
            "country": reader.choice("country", COUNTRIES),
        }
        company = Company(
            legal_name=reader.text("legal_name", most=160),
            registration_number=reader.text("registration_number", most=40),
            registered_in=reader.choice("registered_in", COUNTRIES),
            **seat,
        )
        who = Identity(
            name=reader.text("name", most=120),
            born_on=_born_on(reader),
            nationality=reader.choice("nationality", COUNTRIES),
            **seat,
        )
        owners = [_owner(reader, place) for place in OWNERS if reader.raw(f"owner_{place}")]
        if not owners and not reader.flag("no_owner"):
            reader.complain(
                "owner_1", N_("Tell us who owns the company, or tick that no one owns that much.")
            )
        reader.done()
        return cls(company, owners, who)


def owners_shown(typed: Mapping[str, str], *, known: int) -> Sequence[int]:
    """Return the places for owners that the form shows: one, those in use, and one more if asked.

    Shape: typed is what was sent, nothing at first.
    """
    count = typed.get("owners", "")
    asked = int(count) if count.isdecimal() and len(count) == 1 else 1
    used = [place for place in OWNERS if typed.get(f"owner_{place}")]
    shown = max([asked + bool(typed.get("another")), known, 1, *used])
    return OWNERS[: min(shown, len(OWNERS))]


def _owner(reader: Reader, place: int) -> BeneficialOwner:
    return BeneficialOwner(
        name=reader.text(f"owner_{place}", most=120),
        born_on=_born_on(reader, f"owner_{place}_born_on"),
        country=reader.choice(f"owner_{place}_country", COUNTRIES),
        share_bp=_share_bp(reader, f"owner_{place}_share"),
    )


def _share_bp(reader: Reader, name: str) -> int:
    typed = ascii_digits(reader.raw(name)).removesuffix("%").strip().replace(",", ".")
    if not re.fullmatch(r"\d{1,3}(\.\d{1,2})?", typed) or Decimal(typed) * 100 > WHOLE_BP:
        reader.complain(name, N_("Enter a percentage, like 33.4."))
        return 0
    return int(Decimal(typed) * 100)


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
