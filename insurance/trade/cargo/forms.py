"""A shipment and how it is to be insured, read strictly."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from datetime import date
from typing import TypeVar

from insurance.rating.tariff.queries import Basis, War
from insurance.trade.cargo import rules, words
from insurance.trade.cargo.rules import Cargo
from insurance.trade.clauses.queries import ClauseSet
from insurance.trade.documents_check.queries import Incoterm
from kernel.money import Money
from kernel.text import N_, ascii_digits
from kernel.web.forms import Reader

# More than any shipment is insured for in any currency; the gate tells the rest.
_MOST = 10**13
_HS = re.compile(r"\d{6}(\d{2}){0,2}")
_ORIGINALS = 3

E = TypeVar("E", Basis, War, ClauseSet, Incoterm)


def parse_cargo(
    form: Mapping[str, str], *, countries: Collection[str], currencies: Collection[str], on: date
) -> Cargo:
    """Read a shipment. Raises: Invalid."""
    reader = Reader(form)
    currency = reader.choice("currency", currencies, default="EUR")
    known = currency if currency in currencies else "EUR"
    basis = _one_of(reader, "basis", Basis)
    value = reader.money("value", known, most=Money(_MOST, known))
    freight = Money.zero(known)
    if basis is Basis.FOB:
        freight = reader.money("freight", known, most=Money(_MOST, known))
    clauses = _one_of(reader, "clauses", ClauseSet, words.CLAUSES)
    added = tuple(one for one in words.ADDITIONAL if reader.flag(f"add_{one}"))
    is_credit = reader.flag("is_credit")
    assignee, assignee_address = _assignee(reader)
    cargo = Cargo(
        business=reader.text("business", most=120),
        country=reader.choice("country", countries),
        goods=reader.text("goods", most=200),
        hs_code=_hs(reader),
        marks=reader.text("marks", most=200, optional=True),
        packages=reader.text("packages", most=120, optional=True),
        basis=basis,
        value=value,
        freight=freight,
        uplift_pct=reader.choice("uplift", rules.terms_on(on).uplifts, default="10"),
        incoterm=_one_of(reader, "incoterm", Incoterm),
        clauses=clauses,
        additional=() if rules.RATED_AS[clauses] == "A" else added,
        war=_one_of(reader, "war", War),
        deductible=reader.choice("deductible", words.DEDUCTIBLES),
        origin_country=reader.choice("origin_country", countries),
        origin=reader.text("origin", most=80),
        destination_country=reader.choice("destination_country", countries),
        destination=reader.text("destination", most=80),
        mode=reader.choice("mode", rules.MODES),
        conveyance=reader.text("conveyance", most=80),
        document=reader.text("document", most=60, optional=True),
        invoice=reader.text("invoice", most=60, optional=True),
        departs_on=_day(reader, on),
        originals=reader.integer("originals", low=1, high=_ORIGINALS),
        payable_at=reader.text("payable_at", most=80),
        assignee=assignee,
        assignee_address=assignee_address,
        is_letter_of_credit=is_credit,
        credit_currency=_credit_currency(reader) if is_credit else "",
        credit_from=reader.text("credit_from", most=80, optional=True) if is_credit else "",
        credit_to=reader.text("credit_to", most=80, optional=True) if is_credit else "",
        credit_wants_policy=is_credit and reader.flag("wants_policy"),
        credit_wants_no_deductible=is_credit and reader.flag("wants_iop"),
    )
    reader.done()
    return cargo


def _one_of(reader: Reader, name: str, kind: type[E], choices: Collection[str] | None = None) -> E:
    """Return a member that was chosen, its first one beside a complaint."""
    offered = [str(one) for one in (kind if choices is None else choices)]
    typed = reader.choice(name, offered)
    return kind(typed) if typed in offered else next(iter(kind))


def _hs(reader: Reader) -> str:
    typed = re.sub(r"[\s.]", "", ascii_digits(reader.raw("hs_code")))
    if not _HS.fullmatch(typed):
        reader.complain("hs_code", N_("Enter the HS code: 6, 8 or 10 digits."))
    return typed


def _credit_currency(reader: Reader) -> str:
    typed = reader.raw("credit_currency").upper()
    if typed and not re.fullmatch(r"[A-Z]{3}", typed):
        reader.complain("credit_currency", N_("Enter a currency code, like EUR."))
    return typed


def _day(reader: Reader, on: date, name: str = "departs_on") -> date:
    typed = reader.raw(name)
    try:
        return date.fromisoformat(typed)
    except ValueError:
        reader.complain(name, N_("Enter a day, like 2026-12-31."))
        return on


def parse_changed(form: Mapping[str, str], cargo: Cargo, *, countries: Collection[str]) -> Cargo:
    """Read what of a shipment is to change: value, way, conveyance, papers. Raises: Invalid."""
    reader = Reader(form)
    currency = cargo.currency
    freight = cargo.freight
    if cargo.basis is Basis.FOB:
        freight = reader.money("freight", currency, most=Money(_MOST, currency))
    changed = replace(
        cargo,
        value=reader.money("value", currency, most=Money(_MOST, currency)),
        freight=freight,
        marks=reader.text("marks", most=200, optional=True),
        packages=reader.text("packages", most=120, optional=True),
        origin_country=reader.choice("origin_country", countries),
        origin=reader.text("origin", most=80),
        destination_country=reader.choice("destination_country", countries),
        destination=reader.text("destination", most=80),
        mode=reader.choice("mode", rules.MODES),
        conveyance=reader.text("conveyance", most=80),
        document=reader.text("document", most=60, optional=True),
        invoice=reader.text("invoice", most=60, optional=True),
        departs_on=_day(reader, cargo.departs_on),
    )
    reader.done()
    return changed


def parse_assignee(form: Mapping[str, str]) -> tuple[str, str]:
    """Read to whose order claims are to be paid: name and address, both empty for in blank.

    Raises: Invalid.
    """
    reader = Reader(form)
    assignee = _assignee(reader)
    reader.done()
    return assignee


def _assignee(reader: Reader) -> tuple[str, str]:
    name = reader.text("assignee", most=120, optional=True)
    address = reader.text("assignee_address", most=200, optional=True)
    if name and not address:
        reader.complain("assignee_address", N_("Enter the company's address."))
    if address and not name:
        reader.complain("assignee", N_("Enter the company's name, or clear its address."))
    return name, address


def parse_arrival(form: Mapping[str, str], on: date) -> tuple[bool, date]:
    """Read where a shipment arrived, at its warehouse or a port, and when. Raises: Invalid."""
    reader = Reader(form)
    where = reader.choice("where", ("warehouse", "port"))
    day = _day(reader, on, "day")
    reader.done()
    return where == "warehouse", day


def parse_need(form: Mapping[str, str]) -> bool:
    """Read whether this is the cover that is wanted."""
    return Reader(form).flag("need")


def parse_words(form: Mapping[str, str]) -> str:
    """Read what an underwriter should know, which may be nothing. Raises: Invalid."""
    reader = Reader(form)
    words = reader.text("words", most=1000, optional=True, is_long=True)
    reader.done()
    return words
