"""What programs send of shipments, read strictly; what may stand in it is what the pages take."""

from __future__ import annotations

import re
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Final, TypeVar

from insurance.rating.tariff.queries import Basis, War
from insurance.trade.cargo import rules as cargo_rules
from insurance.trade.cargo import words as cargo_words
from insurance.trade.cargo.rules import Cargo
from insurance.trade.clauses.queries import ClauseSet
from insurance.trade.documents_check.queries import Incoterm
from insurance.trade.open_cover.rules import Shipment
from kernel.money import CURRENCIES, Money
from kernel.text import N_
from kernel.web.json_bodies import Body

HS: Final = r"^\d{6}(\d{2}){0,2}$"
CURRENCY: Final = r"^[A-Z]{3}$"
MOST_ORIGINALS: Final = 3
_HS, _CURRENCY = re.compile(HS, re.ASCII), re.compile(CURRENCY, re.ASCII)

E = TypeVar("E", Basis, War, ClauseSet, Incoterm)


@dataclass(frozen=True, slots=True)
class Order:
    """What somebody wants to buy. Shape: need is empty where nobody said that they want it."""

    quote: str
    need: str

    @property
    def said(self) -> list[object]:
        """What a key stands for."""
        return [self.quote, self.need]


def parse_shipment(body: Body, *, currency: str, countries: Collection[str]) -> Shipment:
    """Read a shipment to be declared. Raises: Invalid."""
    basis, value, freight = _worth(body, currency)
    shipment = Shipment(
        reference=body.text("reference", most=60),
        goods=body.text("goods", most=200),
        hs_code=_hs(body),
        marks=body.text("marks", most=200, optional=True),
        incoterm=_one_of(body, "incoterm", Incoterm),
        basis=basis,
        value=value,
        freight=freight,
        origin_country=body.choice("origin_country", countries),
        origin=body.text("origin", most=80),
        destination_country=body.choice("destination_country", countries),
        destination=body.text("destination", most=80),
        mode=body.choice("mode", cargo_rules.MODES),
        conveyance=body.text("conveyance", most=80),
        document=body.text("document", most=60, optional=True),
        departs_on=body.day("departs_on"),
        is_honest=body.flag("is_honest"),
    )
    body.done()
    return shipment


def parse_cargo(
    body: Body, *, countries: Collection[str], currencies: Collection[str], on: date
) -> Cargo:
    """Read a shipment to be priced, and how it is to be insured. Raises: Invalid."""
    basis, value, freight = _worth(body, "")
    if value.currency not in currencies:
        body.complain("value/currency", N_("Choose one of the options."))
    clauses = _one_of(body, "clauses", ClauseSet, cargo_words.CLAUSES)
    assignee, address = _assignee(body)
    credit = _Credit.read(body)
    cargo = Cargo(
        business=body.text("business", most=120),
        country=body.choice("country", countries),
        goods=body.text("goods", most=200),
        hs_code=_hs(body),
        marks=body.text("marks", most=200, optional=True),
        packages=body.text("packages", most=120, optional=True),
        basis=basis,
        value=value,
        freight=freight,
        uplift_pct=body.choice("uplift_pct", cargo_rules.terms_on(on).uplifts, default="10"),
        incoterm=_one_of(body, "incoterm", Incoterm),
        clauses=clauses,
        additional=_additional(body, clauses),
        war=_one_of(body, "war", War),
        deductible=body.choice("deductible", cargo_words.DEDUCTIBLES),
        origin_country=body.choice("origin_country", countries),
        origin=body.text("origin", most=80),
        destination_country=body.choice("destination_country", countries),
        destination=body.text("destination", most=80),
        mode=body.choice("mode", cargo_rules.MODES),
        conveyance=body.text("conveyance", most=80),
        document=body.text("document", most=60, optional=True),
        invoice=body.text("invoice", most=60, optional=True),
        departs_on=body.day("departs_on"),
        originals=body.integer("originals", low=1, high=MOST_ORIGINALS),
        payable_at=body.text("payable_at", most=80),
        assignee=assignee,
        assignee_address=address,
        is_letter_of_credit=credit is not None,
        credit_currency=credit.currency if credit else "",
        credit_from=credit.start if credit else "",
        credit_to=credit.end if credit else "",
        credit_wants_policy=credit.wants_policy if credit else False,
        credit_wants_no_deductible=credit.wants_no_deductible if credit else False,
    )
    body.done()
    return cargo


def parse_order(body: Body) -> Order:
    """Read which price is bought, and that it is wanted. Raises: Invalid."""
    order = Order(
        quote=body.text("quote", most=20), need=body.text("need", most=500, optional=True)
    )
    body.done()
    return order


@dataclass(frozen=True, slots=True)
class _Credit:
    """What a letter of credit says; texts are empty where it says nothing of its own."""

    currency: str
    start: str
    end: str
    wants_policy: bool
    wants_no_deductible: bool

    @classmethod
    def read(cls, body: Body) -> _Credit | None:
        if not body.has("letter_of_credit"):
            return None
        inside = body.child("letter_of_credit")
        currency = inside.text("currency", most=3, optional=True)
        if currency and not _CURRENCY.fullmatch(currency):
            inside.complain("currency", N_("Enter a currency code, like EUR."))
        return cls(
            currency=currency,
            start=inside.text("from", most=80, optional=True),
            end=inside.text("to", most=80, optional=True),
            wants_policy=inside.flag("wants_policy"),
            wants_no_deductible=inside.flag("wants_no_deductible"),
        )


def _worth(body: Body, currency: str) -> tuple[Basis, Money, Money]:
    """Return what a shipment is worth; what its delivery costs is asked for with FOB alone."""
    basis = _one_of(body, "basis", Basis)
    value = body.money("value", currency=currency)
    known = value.currency if value.currency in CURRENCIES else "EUR"
    freight = Money.zero(known)
    if basis is Basis.FOB:
        freight = body.money("freight", currency=known)
    return basis, value, freight


def _additional(body: Body, clauses: ClauseSet) -> tuple[str, ...]:
    """Return what is added to a set; the widest has it already."""
    said = body.texts("additional", most=len(cargo_words.ADDITIONAL), longest=20)
    for n, one in enumerate(said):
        if one not in cargo_words.ADDITIONAL:
            body.complain(f"additional/{n}", N_("Choose one of the options."))
    if cargo_rules.RATED_AS[clauses] == "A":
        return ()
    return tuple(one for one in cargo_words.ADDITIONAL if one in said)


def _assignee(body: Body) -> tuple[str, str]:
    name = body.text("assignee", most=120, optional=True)
    address = body.text("assignee_address", most=200, optional=True)
    if name and not address:
        body.complain("assignee_address", N_("Enter the company's address."))
    if address and not name:
        body.complain("assignee", N_("Enter the company's name, or clear its address."))
    return name, address


def _hs(body: Body) -> str:
    typed = body.text("hs_code", most=10)
    if typed and not _HS.fullmatch(typed):
        body.complain("hs_code", N_("Enter the HS code: 6, 8 or 10 digits."))
    return typed


def _one_of(body: Body, name: str, kind: type[E], choices: Collection[str] | None = None) -> E:
    """Return a member that was chosen, its first one beside a complaint."""
    offered = [str(one) for one in (kind if choices is None else choices)]
    typed = body.choice(name, offered)
    return kind(typed) if typed in offered else next(iter(kind))
