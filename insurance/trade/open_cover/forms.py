"""Applications, shipments and amounts of an open cover, read strictly."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from datetime import date
from typing import TypeVar
from uuid import UUID

from insurance.rating.tariff.queries import Basis, War
from insurance.trade.cargo import rules as cargo
from insurance.trade.cargo import words as cargo_words
from insurance.trade.clauses.queries import ClauseSet
from insurance.trade.documents_check.queries import Incoterm
from insurance.trade.open_cover.errors import OpenCoverUnknown
from insurance.trade.open_cover.rules import Application, Sales, Shipment
from kernel.money import Money
from kernel.text import N_, ascii_digits
from kernel.web.forms import Reader

# More than is shipped in a year in any currency; an underwriter looks at the rest.
_MOST = 10**13
_HS = re.compile(r"\d{6}(\d{2}){0,2}")
_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)
_PLAIN = re.compile(r"[0-9]{1,13}(\.[0-9]{1,3})?", re.ASCII)

E = TypeVar("E", Basis, War, ClauseSet, Incoterm)


def parse_application(
    form: Mapping[str, str], *, countries: Collection[str], currencies: Collection[str], on: date
) -> Application:
    """Read what a business asks for. Raises: Invalid."""
    reader = Reader(form)
    currency = reader.choice("currency", currencies, default="EUR")
    known = currency if currency in currencies else "EUR"
    starts_on = read_day(reader, "starts_on", on)
    if starts_on < on:
        reader.complain("starts_on", N_("Choose today or a later day."))
    application = Application(
        business=reader.text("business", most=120),
        country=reader.choice("country", countries),
        goods=reader.text("goods", most=200),
        turnover=reader.money("turnover", known, most=Money(_MOST, known)),
        largest=reader.money("largest", known, most=Money(_MOST, known)),
        clauses=one_of(reader, "clauses", ClauseSet, cargo_words.CLAUSES),
        war=one_of(reader, "war", War),
        starts_on=starts_on,
        remarks=reader.text("remarks", most=1000, optional=True, is_long=True),
    )
    reader.done()
    return application


def parse_shipment(
    form: Mapping[str, str],
    *,
    currency: str,
    countries: Collection[str],
    on: date,
    is_plain: bool = False,
) -> Shipment:
    """Read a shipment from a form, or from a line of a file. Raises: Invalid.

    Shape: is_plain reads amounts as programs write them, with a point and nothing else.
    """
    reader = Reader(form)
    basis = one_of(reader, "basis", Basis)
    value = _amount(reader, "value", currency, is_plain=is_plain)
    freight = Money.zero(currency)
    if basis is Basis.FOB:
        freight = _amount(reader, "freight", currency, is_plain=is_plain)
    shipment = Shipment(
        reference=reader.text("reference", most=60),
        goods=reader.text("goods", most=200),
        hs_code=_hs(reader),
        marks=reader.text("marks", most=200, optional=True),
        incoterm=one_of(reader, "incoterm", Incoterm),
        basis=basis,
        value=value,
        freight=freight,
        origin_country=reader.choice("origin_country", countries),
        origin=reader.text("origin", most=80),
        destination_country=reader.choice("destination_country", countries),
        destination=reader.text("destination", most=80),
        mode=reader.choice("mode", cargo.MODES),
        conveyance=reader.text("conveyance", most=80),
        document=reader.text("document", most=60, optional=True),
        departs_on=read_day(reader, "departs_on", on),
        is_honest=reader.flag("is_honest"),
    )
    reader.done()
    return shipment


def parse_turnover(form: Mapping[str, str], currency: str) -> Money:
    """Read what was shipped in a year. Raises: Invalid."""
    reader = Reader(form)
    turnover = reader.money("turnover", currency, most=Money(_MOST, currency))
    reader.done()
    return turnover


def parse_accepted(form: Mapping[str, str]) -> str:
    """Read the hash of the terms that were read, and that they are accepted. Raises: Invalid."""
    reader = Reader(form)
    if not reader.flag("accepts"):
        reader.complain("accepts", N_("Please confirm that you accept these terms."))
    reader.done()
    return reader.raw("sha256")


def parse_notice(form: Mapping[str, str]) -> bool:
    """Read whether notice is for war cover alone. Raises: Invalid."""
    reader = Reader(form)
    what = reader.choice("notice", ["all", "war"])
    reader.done()
    return what == "war"


def parse_orders(form: Mapping[str, str], currency: str) -> Money | None:
    """Read from which value on orders are declared, None for not at all. Raises: Invalid."""
    reader = Reader(form)
    if reader.choice("orders", ["on", "off"]) == "off":
        reader.done()
        return None
    least = reader.money("least", currency, most=Money(_MOST, currency))
    reader.done()
    return least


def parse_sales(
    form: Mapping[str, str], currency: str, *, countries: Collection[str], shops: Collection[str]
) -> Sales | None:
    """Read whose sales are declared, from which value on and to where; None for none at all.

    Shape: shops are organisations by their ids as text. Raises: Invalid.
    """
    reader = Reader(form)
    if reader.choice("sales", ["on", "off"]) == "off":
        reader.done()
        return None
    shop = reader.choice("shop", shops)
    least = reader.money("sales_from", currency, most=Money(_MOST, currency))
    chosen = tuple(code for code in countries if reader.flag(f"to_{code}"))
    if not chosen:
        reader.complain("sales_to", N_("Select at least one country."))
    reader.done()
    return Sales(shop=UUID(shop), least=least, countries=chosen)


def read_month(typed: str) -> date:
    """Return the first day of a month such as 2026-06. Raises: OpenCoverUnknown."""
    found = _MONTH.fullmatch(typed)
    if found is None:
        raise OpenCoverUnknown
    return date(int(found[1]), int(found[2]), 1)


def read_day(reader: Reader, name: str, on: date) -> date:
    """Return a day, today beside a complaint."""
    try:
        return date.fromisoformat(reader.raw(name))
    except ValueError:
        reader.complain(name, N_("Enter a day, like 2026-12-31."))
        return on


def one_of(reader: Reader, name: str, kind: type[E], choices: Collection[str] | None = None) -> E:
    """Return a member that was chosen, its first one beside a complaint."""
    offered = [str(one) for one in (kind if choices is None else choices)]
    typed = reader.choice(name, offered)
    return kind(typed) if typed in offered else next(iter(kind))


def _hs(reader: Reader) -> str:
    typed = re.sub(r"[\s.]", "", ascii_digits(reader.raw("hs_code")))
    if not _HS.fullmatch(typed):
        reader.complain("hs_code", N_("Enter the HS code: 6, 8 or 10 digits."))
    return typed


def _amount(reader: Reader, name: str, currency: str, *, is_plain: bool) -> Money:
    if not is_plain:
        return reader.money(name, currency, most=Money(_MOST, currency))
    typed = reader.raw(name)
    try:
        amount = Money.of(typed, currency) if _PLAIN.fullmatch(typed) else Money.zero(currency)
    except ValueError:
        amount = Money.zero(currency)
    if amount.minor <= 0:
        reader.complain(name, N_("Enter an amount above zero with a point, like 1234.50."))
    elif amount.minor > _MOST:
        reader.complain(name, N_("Enter at most %(most)s."), most=Money(_MOST, currency))
    return amount
