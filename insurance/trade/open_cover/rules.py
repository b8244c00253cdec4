"""Terms of an open cover, what of its limits is used, what is overdue, how a year ends."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from insurance.rating.tariff.queries import Basis, Product, Risk, War
from insurance.trade.cargo.rules import MODES, RATED_AS, Cargo
from insurance.trade.clauses.queries import ClauseSet
from insurance.trade.documents_check.queries import Incoterm
from kernel import dated
from kernel.money import Money

_DATA = Path(__file__).parent / "data"
_AMOUNTS = ("turnover", "conveyance_limit", "location_limit", "deposit", "least")
_DAYS = ("starts_on", "ends_on")
_COUNTRY = 2
# How long before its last day a year can be renewed, and when its holder is reminded. Units: days.
RENEWABLE_DAYS = 60
REMINDED_DAYS = 30
# What is put on a certificate unless somebody orders it otherwise.
_ORIGINALS = 2


class State(StrEnum):
    """How far an open cover is."""

    DRAFT = "draft"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


# In what states shipments may come to be declared.
RUNNING = (State.ACTIVE, State.SUSPENDED)


class Source(StrEnum):
    """By which door a shipment was declared."""

    FORM = "form"
    FILE = "file"
    ORDER = "order"
    SALE = "sale"
    API = "api"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sales:
    """What of a shop's sales is declared: from a value on, to countries.

    Shape: shop is the organisation whose sales they are.
    """

    shop: UUID
    least: Money
    countries: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class HouseTerms:
    """What the house decided about open covers, from a day on. Units: months, per cent, days."""

    valid_from: date
    months: int
    warn_pct: int
    notice_days: int
    war_notice_days: int
    payment_days: int
    location_days: int
    deposit_pct: int
    most_lines: int
    source: str
    confidence: str


@cache
def _terms() -> tuple[HouseTerms, ...]:
    return dated.read(_DATA / "terms.json", HouseTerms)


def terms_on(day: date) -> HouseTerms:
    """Return the house's terms in force on a day. Raises: ValueError before the first."""
    return dated.in_force(_terms(), day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """What a business asks an open cover for.

    Units: turnover is the value that it ships in a year, largest that of the largest shipment, in
    one currency.
    """

    business: str
    country: str
    goods: str
    turnover: Money
    largest: Money
    clauses: ClauseSet
    war: War
    starts_on: date
    remarks: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Agreed:
    """The terms that an underwriter signs and a holder accepts, whole.

    Units: rates in per cent as decimal strings; limits are sums insured, turnover a year's CIF
    values, deposit what is paid at once, least the net premium of the year at least, all in one
    currency. Shape: flat_rate_pct is empty where the tariff's rates apply; days of the year are
    both included.
    """

    business: str
    country: str
    goods: str
    clauses: ClauseSet
    additional: tuple[str, ...]
    war: War
    deductible: str
    uplift_pct: str
    flat_rate_pct: str
    discount_pct: str
    conveyance_limit: Money
    location_limit: Money
    turnover: Money
    deposit: Money
    least: Money
    starts_on: date
    ends_on: date
    warn_pct: int
    notice_days: int
    war_notice_days: int
    payment_days: int
    location_days: int

    @property
    def currency(self) -> str:
        """The currency of everything under the cover."""
        return self.turnover.currency


def stored(agreed: Agreed) -> dict[str, Any]:
    """Return terms as plain values, which are the document that is signed."""
    plain = {part.name: getattr(agreed, part.name) for part in fields(agreed)}
    return plain | {
        "currency": agreed.currency,
        "additional": list(agreed.additional),
        **{name: getattr(agreed, name).minor for name in _AMOUNTS},
        **{name: getattr(agreed, name).isoformat() for name in _DAYS},
    }


def agreed_from(raw: Mapping[str, Any]) -> Agreed:
    """Return terms from their document."""
    plain = {name: value for name, value in raw.items() if name != "currency"}
    return Agreed(
        **plain
        | {
            "clauses": ClauseSet(raw["clauses"]),
            "war": War(raw["war"]),
            "additional": tuple(raw["additional"]),
            **{name: Money(raw[name], raw["currency"]) for name in _AMOUNTS},
            **{name: date.fromisoformat(raw[name]) for name in _DAYS},
        }
    )


def fingerprint(plain: Mapping[str, Any]) -> str:
    """Return the SHA-256 of a document, in hexadecimal digits."""
    return hashlib.sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def year_from(day: date, months: int) -> date:
    """Return the last day of a term that begins on a day."""
    ahead = day.month - 1 + months
    year, month = day.year + ahead // 12, ahead % 12 + 1
    first_after = date(year, month, 1)
    days = (date(year + month // 12, month % 12 + 1, 1) - first_after).days
    return first_after + timedelta(days=min(day.day, days) - 1) - timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shipment:
    """What is declared of one shipment; the cover's terms say the rest.

    Units: value and freight in the cover's currency. Shape: reference is the holder's own, which
    no two shipments share; is_honest says that it left undeclared by an honest mistake.
    """

    reference: str
    goods: str
    hs_code: str
    marks: str
    incoterm: Incoterm
    basis: Basis
    value: Money
    freight: Money
    origin_country: str
    origin: str
    destination_country: str
    destination: str
    mode: str
    conveyance: str
    document: str
    departs_on: date
    is_honest: bool

    @property
    def places(self) -> tuple[str, str]:
        """Both ends of its way, as they count together."""
        return (
            _place(self.origin_country, self.origin),
            _place(self.destination_country, self.destination),
        )


def _place(country: str, name: str) -> str:
    return f"{country} {' '.join(name.casefold().split())}"


def seal_of(shipment: Shipment) -> str:
    """Return what tells one declaration under a reference from another."""
    plain = {part.name: str(getattr(shipment, part.name)) for part in fields(shipment)}
    return fingerprint({name: value for name, value in plain.items() if name != "is_honest"})


def cargo_of(agreed: Agreed, shipment: Shipment, war_until: date | None) -> Cargo:
    """Return a shipment as it is insured under the terms.

    Shape: war_until is the last day of departure with war cover; strikes stay insured.
    """
    war = agreed.war
    if war is War.WAR_STRIKES and war_until is not None and shipment.departs_on > war_until:
        war = War.STRIKES
    return Cargo(
        business=agreed.business,
        country=agreed.country,
        goods=shipment.goods,
        hs_code=shipment.hs_code,
        marks=shipment.marks,
        basis=shipment.basis,
        value=shipment.value,
        freight=shipment.freight,
        uplift_pct=agreed.uplift_pct,
        incoterm=shipment.incoterm,
        clauses=agreed.clauses,
        additional=agreed.additional,
        war=war,
        deductible=agreed.deductible,
        origin_country=shipment.origin_country,
        origin=shipment.origin,
        destination_country=shipment.destination_country,
        destination=shipment.destination,
        mode=shipment.mode,
        conveyance=shipment.conveyance,
        document=shipment.document,
        invoice=shipment.reference,
        departs_on=shipment.departs_on,
        originals=_ORIGINALS,
        payable_at=shipment.destination,
        is_letter_of_credit=False,
        credit_currency="",
        credit_from="",
        credit_to="",
        credit_wants_policy=False,
        credit_wants_no_deductible=False,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Use:
    """What of a limit is used. Shape: what is the conveyance with its day, or the place."""

    what: str
    used: Money
    limit: Money

    @property
    def name(self) -> str:
        """The conveyance or the place, in the capitals of shipping papers."""
        return self.what[len(self._before) :].strip().upper()

    @property
    def day(self) -> date | None:
        """The day a conveyance leaves, None for a place."""
        return None if self.country else date.fromisoformat(self._before)

    @property
    def country(self) -> str:
        """The country of a place, empty for a conveyance."""
        return self._before if len(self._before) == _COUNTRY else ""

    @property
    def _before(self) -> str:
        return self.what.partition(" ")[0]

    @property
    def free(self) -> Money:
        """What is left of it."""
        return self.limit - self.used

    @property
    def pct(self) -> int:
        """What is used, in whole per cent, rounded down."""
        return self.used.minor * 100 // self.limit.minor

    def with_more(self, more: Money) -> Use:
        """Return it with a further sum insured."""
        return Use(what=self.what, used=self.used + more, limit=self.limit)

    def is_near(self, warn_pct: int) -> bool:
        """Whether so much is used that its holder is told."""
        return self.used.minor * 100 >= self.limit.minor * warn_pct


def comes_near(before: Use, after: Use, warn_pct: int) -> bool:
    """Whether a declaration is the one by which a limit comes near."""
    return after.is_near(warn_pct) and not before.is_near(warn_pct)


def is_renewable(ends_on: date, today: date) -> bool:
    """Whether terms for the next year can be asked for by what this year's were."""
    return ends_on - today <= timedelta(days=RENEWABLE_DAYS)


def is_reminded(agreed: Agreed, ends_on: date, today: date) -> bool:
    """Whether a holder is told that the year runs out; who was given notice knows it."""
    return ends_on == agreed.ends_on and ends_on - today <= timedelta(days=REMINDED_DAYS)


def next_year(asked: Application, ends_on: date, today: date) -> Application:
    """Return what was asked for once, for the year that follows on a last day."""
    return replace(asked, starts_on=max(ends_on + timedelta(days=1), today))


def due_on(day: date, payment_days: int) -> date:
    """Return by when premium that is owed since a day is paid: so many days after its month."""
    first = day.replace(day=1)
    after = date(first.year + first.month // 12, first.month % 12 + 1, 1)
    return after + timedelta(days=payment_days - 1)


def overdue(owed: Money, parts: Iterable[tuple[Money, date]], on: date) -> Money:
    """Return what of a debt is overdue on a day, when payments pay the oldest first.

    Shape: parts are what became owed, each with the day it is due on.
    """
    not_yet = sum((part.minor for part, due in parts if due >= on), 0)
    return Money(max(0, owed.minor - not_yet), owed.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Where the premium of a withdrawn declaration goes.

    Shape: off_own is set against what is still owed of it, off_others against what else is owed
    under the cover, the rest goes into the deposit.
    """

    off_own: Money
    off_others: Money
    to_deposit: Money

    @property
    def off_owed(self) -> Money:
        """What is set against debts."""
        return self.off_own + self.off_others


def returned(gross: Money, owed: Money, *, own: Money, later: Money) -> Return:
    """Return where a premium goes that comes back, when payments have paid the oldest debt first.

    The cover then stands as if the shipment had never been declared: a deposit that comes back
    while something is owed pays that first, as it would have done before.
    Units: owed is all that is owed under the cover, own what became owed for this premium, later
    what became owed after it.
    """
    zero = Money.zero(gross.currency)
    off_own = min(gross, own, max(owed - later, zero))
    off_others = min(gross - off_own, owed - off_own)
    return Return(off_own=off_own, off_others=off_others, to_deposit=gross - off_own - off_others)


@dataclass(frozen=True, slots=True, kw_only=True)
class Year:
    """What was declared in a year. Units: CIF values, net premium and its tax."""

    cif: Money
    net: Money
    tax: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Adjustment:
    """What a year's premium is adjusted by: turnover that no declaration stands for, and the least.

    Units: net premium, without tax.
    """

    by_turnover: Money
    by_least: Money

    @property
    def net(self) -> Money:
        """Both together."""
        return self.by_turnover + self.by_least


def adjustment(agreed: Agreed, year: Year, turnover: Money) -> Adjustment:
    """Return what a year's premium is adjusted by, once its turnover is known.

    What was shipped and not declared costs what the year's declarations cost on average; without
    any it costs the flat rate, if there is one. Then the year's least premium is filled up.
    """
    missing = max(turnover - year.cif, Money.zero(agreed.currency))
    rate = Fraction(0)
    if year.cif:
        rate = Fraction(year.net.minor, year.cif.minor)
    elif agreed.flat_rate_pct:
        rate = Fraction(agreed.flat_rate_pct) / 100 * (1 + Fraction(agreed.uplift_pct) / 100)
    by_turnover = Money.rounded(missing.exact * rate, agreed.currency)
    paid = year.net + by_turnover
    return Adjustment(
        by_turnover=by_turnover,
        by_least=max(agreed.least - paid, Money.zero(agreed.currency)),
    )


def across_the_border(agreed: Agreed, on: date) -> Risk:
    """Return the risk of any shipment out of the holder's country, for its tax alone."""
    return Risk(
        product=Product.CARGO,
        cover=RATED_AS[agreed.clauses],
        currency=agreed.currency,
        country=agreed.country,
        is_business=True,
        origin=agreed.country,
        destination="",
        bound_on=on,
        mode=MODES[0],
        goods="",
        deductible=agreed.deductible,
    )


def tax_of(net: Money, year: Year, otherwise_pct: Fraction) -> Money:
    """Return the tax of an adjustment: as the year's declarations were taxed on average."""
    share = Fraction(year.tax.minor, year.net.minor) if year.net else otherwise_pct / 100
    return net.times(share)
