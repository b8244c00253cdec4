"""From a trader's shipment to the tariff's risk, and from its price to what a bank would ask."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from insurance.rating.tariff.queries import (
    Basis,
    CargoValue,
    Product,
    Risk,
    Tariff,
    War,
)
from insurance.trade.clauses.queries import ClauseSet
from insurance.trade.documents_check.queries import (
    Certificate,
    Credit,
    Failure,
    Incoterm,
    Paper,
    Signer,
    failures,
)
from kernel import dated
from kernel.money import Money

_DATA = Path(__file__).parent / "data"

# Sets that a cargo is insured by, and what the tariff rates each as.
RATED_AS: dict[ClauseSet, str] = {
    ClauseSet.ICC_A: "A",
    ClauseSet.ICC_B: "B",
    ClauseSet.ICC_C: "C",
    ClauseSet.ALL_RISKS: "A",
    ClauseSet.WPA: "B",
    ClauseSet.FPA: "C",
}
_ADDED: dict[War, frozenset[ClauseSet]] = {
    War.NONE: frozenset(),
    War.STRIKES: frozenset({ClauseSet.STRIKES}),
    War.WAR_STRIKES: frozenset({ClauseSet.WAR, ClauseSet.STRIKES}),
}
# How a shipment travels, and whether what proves it is an air waybill, a bill or a note.
MODES = ("FCL", "LCL", "AIR", "ROAD", "RAIL")
IRRESPECTIVE = "IOP"
# What the holder bears of every loss, keys of the tariff's table from nothing to the most.
_BORNE = (IRRESPECTIVE, "0.5", "1", "3")


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What the house decided about cargo, from a day on.

    Units: hours, per cent, minutes, days. Shape: voyage_days are those that a way takes at most by
    how it travels, stay_days those after discharge in which cargo is still insured short of its
    warehouse (Institute Cargo Clauses, 8.1.3; by air 30).
    """

    valid_from: date
    quote_hours: int
    uplifts: Sequence[str]
    zones: Mapping[str, Sequence[str]]
    zone_otherwise: str
    war_bands: Mapping[str, Sequence[str]]
    war_otherwise: str
    voyage_days: Mapping[str, int]
    stay_days: Mapping[str, int]
    preview_minutes: int
    source: str
    confidence: str

    @property
    def countries(self) -> list[str]:
        """The countries that stand in a zone with a price."""
        return sorted(code for members in self.zones.values() for code in members)

    def zone(self, country: str) -> str:
        """Return a country's zone."""
        return _place_of(country, self.zones, self.zone_otherwise)

    def war_band(self, countries: Sequence[str]) -> str:
        """Return the worst band of some countries; rows stand from mild to severe."""
        order = [self.war_otherwise, *self.war_bands]
        bands = [_place_of(one, self.war_bands, self.war_otherwise) for one in countries]
        return max(bands, key=order.index)


def _place_of(country: str, table: Mapping[str, Sequence[str]], otherwise: str) -> str:
    return next((name for name, members in table.items() if country in members), otherwise)


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAgent:
    """Who is called when cargo arrives damaged."""

    name: str
    place: str
    contact: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SurveyAgents:
    """Who surveys where, from a day on. Shape: rows name an agent and the countries it serves."""

    valid_from: date
    agents: Sequence[Mapping[str, Any]]
    otherwise: Mapping[str, str]
    source: str
    confidence: str


@cache
def _survey_agents() -> tuple[SurveyAgents, ...]:
    return dated.read(_DATA / "survey_agents.json", SurveyAgents)


def survey_agent(country: str, on: date) -> SurveyAgent:
    """Return who surveys in a country by the table in force on a day."""
    of = dated.in_force(_survey_agents(), on)
    row = next((one for one in of.agents if country in one["countries"]), of.otherwise)
    return SurveyAgent(name=row["name"], place=row["place"], contact=row["contact"])


# Up to where each band of sums insured goes, for who may know no more. Units: major units.
_BANDS = (10_000, 50_000, 100_000, 250_000, 1_000_000)


def band_of(sum_insured: Money) -> tuple[Money, Money | None]:
    """Return between which round sums a sum insured lies; no upper one above the last."""
    whole = sum_insured.exact
    unit = 100 if sum_insured.currency in {"CNY", "JPY"} else 1
    least, most = 0, None
    for bound in _BANDS:
        if whole < bound * unit:
            most = Money.rounded(Fraction(bound * unit), sum_insured.currency)
            break
        least = bound * unit
    return Money.rounded(Fraction(least), sum_insured.currency), most


@cache
def _terms() -> tuple[Terms, ...]:
    return dated.read(_DATA / "terms.json", Terms)


def terms_on(day: date) -> Terms:
    """Return the terms in force on a day. Raises: ValueError before the first."""
    return dated.in_force(_terms(), day)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cargo:
    """A shipment as its trader describes it, and how it is to be insured.

    Units: value and freight in one currency; uplift in per cent. Shape: freight counts with FOB
    only; conveyance is the vessel, flight or truck, document the B/L or AWB number; credit_from and
    credit_to are what a letter of credit calls the ends of the way, empty where as here; assignee
    is to whose order claims are paid, with its address; it needs no account, and both are empty
    where the certificate is endorsed in blank.
    """

    business: str
    country: str
    goods: str
    hs_code: str
    marks: str
    basis: Basis
    value: Money
    freight: Money
    uplift_pct: str
    incoterm: Incoterm
    clauses: ClauseSet
    additional: tuple[str, ...]
    war: War
    deductible: str
    origin_country: str
    origin: str
    destination_country: str
    destination: str
    mode: str
    conveyance: str
    document: str
    invoice: str
    departs_on: date
    originals: int
    payable_at: str
    is_letter_of_credit: bool
    credit_currency: str
    credit_from: str
    credit_to: str
    credit_wants_policy: bool
    credit_wants_no_deductible: bool
    packages: str = ""
    assignee: str = ""
    assignee_address: str = ""

    @property
    def currency(self) -> str:
        """The currency of invoice and sum insured."""
        return self.value.currency

    @property
    def sets(self) -> frozenset[ClauseSet]:
        """Every set of clauses that it is insured by."""
        return sets_of(self.clauses, self.war)

    @property
    def order(self) -> str:
        """To whose order claims are paid: name and address; empty for in blank."""
        return ", ".join(part for part in (self.assignee, self.assignee_address) if part)

    @property
    def voyage(self) -> str:
        """What travels together: the conveyance on the day of its departure."""
        folded = " ".join(self.conveyance.casefold().split())
        return f"{self.departs_on.isoformat()} {folded}"


def higher_deductibles(asked: str) -> tuple[str, ...]:
    """Return the deductibles that are higher than what was asked for."""
    return _BORNE[_BORNE.index(asked) + 1 :]


class CargoState(StrEnum):
    """Where a policy of cargo stands."""

    BOUND = "bound"
    ATTACHED = "attached"
    COMPLETED = "completed"
    CANCELLED = "cancelled"
    EXHAUSTED = "exhausted"


IN_FORCE = frozenset({CargoState.BOUND, CargoState.ATTACHED})


class Kind(StrEnum):
    """What a change of a policy of cargo does."""

    ENDORSE = "endorse"
    ASSIGN = "assign"
    CANCEL = "cancel"


def planned_days(cargo: Cargo, on: date) -> int:
    """Return for how many days cargo is insured at most if nobody says that it arrived."""
    terms = terms_on(on)
    return terms.voyage_days[cargo.mode] + terms.stay_days[cargo.mode]


def ends_by(cargo: Cargo, on: date, discharged_on: date | None) -> date:
    """Return the last day of cover: some days after discharge, or after the longest voyage."""
    if discharged_on is not None:
        return discharged_on + timedelta(days=terms_on(on).stay_days[cargo.mode])
    return cargo.departs_on + timedelta(days=planned_days(cargo, on))


def sets_of(clauses: ClauseSet, war: War) -> frozenset[ClauseSet]:
    """Return every set of clauses behind a choice of clauses and of war."""
    return frozenset({clauses}) | _ADDED[war]


def is_sold_in(currency: str, of: Tariff) -> bool:
    """Whether cargo has a least premium, hence a price, in a currency."""
    return currency in of.minimum[Product.CARGO]


def risk_of(
    cargo: Cargo,
    *,
    goods: str,
    is_perishable: bool,
    on: date,
    accumulation_eur: Fraction,
    today: date | None = None,
) -> Risk:
    """Return the tariff's risk of a shipment, as if bound on a day.

    Units: what is insured on the conveyance with it, in euro. Shape: goods is the tariff's class;
    today is given where it is another day than that of conclusion.
    """
    terms = terms_on(on)
    ends = (cargo.origin_country, cargo.destination_country)
    return Risk(
        product=Product.CARGO,
        cover=RATED_AS[cargo.clauses],
        currency=cargo.currency,
        country=cargo.country,
        is_business=True,
        origin=cargo.origin_country,
        destination=cargo.destination_country,
        bound_on=on,
        mode=cargo.mode,
        goods=goods,
        deductible=cargo.deductible,
        value=CargoValue(basis=cargo.basis, amount=cargo.value.exact, freight=cargo.freight.exact),
        uplift_pct=Fraction(cargo.uplift_pct),
        zones=tuple(terms.zone(end) for end in ends),
        additional=frozenset(cargo.additional),
        war=cargo.war,
        war_band=terms.war_band(ends) if cargo.war is War.WAR_STRIKES else None,
        has_departed=cargo.departs_on < (today or on),
        is_perishable=is_perishable,
        accumulation_eur=accumulation_eur,
    )


def checked(
    cargo: Cargo, *, cif: Money, sum_insured: Money, issued_on: date, insurer: str
) -> tuple[Failure, ...]:
    """Return on which points the certificate of a shipment would be refused."""
    certificate = Certificate(
        paper=Paper.CERTIFICATE,
        is_signed=True,
        signed_as=Signer.AGENT,
        signed_for=insurer,
        originals_issued=cargo.originals,
        originals_presented=cargo.originals,
        issued_on=issued_on,
        effective_on=None,
        sum_insured=sum_insured,
        route=(cargo.origin, cargo.destination),
        clauses=cargo.sets,
        has_deductible=cargo.deductible != IRRESPECTIVE,
        is_payable_to_bearer=True,
    )
    # A credit in another currency cannot be compared in amount; its currency alone fails.
    currency = cargo.credit_currency or cif.currency
    credit = Credit(
        is_letter_of_credit=cargo.is_letter_of_credit,
        incoterm=cargo.incoterm,
        value=cif if currency == cif.currency else Money.zero(currency),
        shipped_on=cargo.departs_on,
        start=cargo.credit_from or cargo.origin,
        end=cargo.credit_to or cargo.destination,
        needs_policy=cargo.credit_wants_policy,
        asks_for_no_deductible=cargo.credit_wants_no_deductible,
    )
    return failures(certificate, credit)
