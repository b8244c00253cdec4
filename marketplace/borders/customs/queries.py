"""Reads of customs: estimates for pages, stored quotes and declarations, counters of a buyer."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import TextClause, func, select, text

from kernel import clock
from kernel.db import session
from kernel.errors import HouseError
from kernel.money import Money
from kernel.text import Message
from marketplace.borders.customs import shipped
from marketplace.borders.customs.assessment import (
    Assessed,
    LineAhead,
    answered,
    assessed,
    line_ahead,
)
from marketplace.borders.customs.models import CustomsDeclaration, CustomsQuote, DeclarationStep
from marketplace.borders.customs.rules import words
from marketplace.borders.customs.rules.classification import Proposal
from marketplace.borders.customs.rules.clearance import (
    AWAITED,
    LANE_NAMES,
    PATIENCE,
    STATE_NAMES,
    DeclarationState,
    Lane,
)
from marketplace.borders.customs.rules.explained import LandedCost, LandedLine
from marketplace.borders.customs.rules.facts import Channel
from marketplace.borders.customs.rules.shop import (
    Counters,
    Goods,
    Shipment,
    same_territory,
)

__all__ = [
    "Assessed",
    "Channel",
    "DeclarationState",
    "DeclarationView",
    "Dues",
    "Estimate",
    "Goods",
    "LandedCost",
    "LandedLine",
    "LineAhead",
    "Proposal",
    "QuoteView",
    "Shipment",
    "StepView",
    "assessed",
    "classify",
    "declaration_of",
    "declarations_of",
    "destinations",
    "digest",
    "dues",
    "estimate",
    "hs_path",
    "line_ahead",
    "needs_declaration",
    "usual_region",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimate:
    """What a shipment would cost while the address is not settled yet.

    Shape: low and high are the same object once the figure is known; both None with a refusal.
    """

    low: LandedCost | None
    high: LandedCost | None
    refusal: Message | None = None

    @property
    def is_exact(self) -> bool:
        """Whether there is one figure."""
        return self.low is not None and self.low is self.high


def destinations(within: str = "") -> frozenset[str]:
    """Return the countries that customs rules are in the books for, or those of one territory."""
    territories = [d for d in shipped.tables().destinations if within in {"", d.code}]
    return frozenset(code for territory in territories for code in territory.members)


def digest() -> str:
    """Return a name for the rows and rules that dues are reckoned by; a new release has another."""
    return f"{shipped.digest()}-{shipped.code_digest()}"


def needs_declaration(*, dispatch_country: str, destination_country: str) -> bool:
    """Whether goods between two countries cross a customs border."""
    return not same_territory(shipped.tables(), dispatch_country, destination_country)


def estimate(*, shipment: Shipment, on: date | None = None) -> Estimate:
    """Return the landed cost of a shipment for a page, a range while the region is unknown.

    Writes nothing; a refusal is a sentence in the answer, never an error and never zero.
    """
    regions = _regions(shipment)
    try:
        if len(regions) == 1:
            cost = _in_region(shipment, regions[0], on)
            return Estimate(low=cost, high=cost)
        costs = [_in_region(shipment, region, on) for region in regions]
    except HouseError as refused:
        return Estimate(low=None, high=None, refusal=refused.sentence)
    low = min(costs, key=lambda cost: cost.total.minor)
    high = max(costs, key=lambda cost: cost.total.minor)
    return Estimate(low=low, high=low if low.total == high.total else high)


@dataclass(frozen=True, slots=True)
class Dues:
    """What a border adds for the buyer, each amount by itself; None with the refusal's sentence."""

    amounts: tuple[Money, ...] | None
    refusal: Message | None = None


def dues(*, shipment: Shipment, on: date | None = None) -> Dues:
    """Return the amounts of an estimate alone, for pages that show many totals."""
    try:
        quote, _ = answered(shipment=shipment, on=on)
    except HouseError as refused:
        return Dues(None, refused.sentence)
    added = (quote.duty, *quote.tax.values(), *(amount for _, amount in quote.fees))
    return Dues(tuple(Money.rounded(amount, quote.currency) for amount in added if amount))


def _in_region(shipment: Shipment, region: str | None, on: date | None) -> LandedCost:
    if region != shipment.destination_region:
        shipment = dataclasses.replace(shipment, destination_region=region)
    return assessed(shipment=shipment, on=on).cost


def classify(*, words: str, limit: int = 8) -> list[Proposal]:
    """Return the HS subheadings that words may mean, best first, each with its confidence."""
    return shipped.nomenclature().search(words, limit)


def hs_path(*, code: str) -> tuple[str, str, str] | None:
    """Return the texts of chapter, heading and subheading, None for a code of no edition known."""
    known = shipped.nomenclature()
    return known.path(code) if known.knows(code) else None


def regions(country: str) -> frozenset[str]:
    """Return the provinces or states whose taxes differ, none where a country has one tax."""
    return shipped.tables().regions.get(country, frozenset())


def usual_region(country: str) -> str | None:
    """Return the province or state most parcels go to, None where a country has one tax."""
    destination = shipped.tables().destination_of(country)
    return None if destination is None else destination.usual_region


def _regions(shipment: Shipment) -> tuple[str | None, ...]:
    if shipment.destination_region is not None:
        return (shipment.destination_region,)
    country = shipment.destination_country
    if same_territory(shipped.tables(), shipment.dispatch_country, country):
        return (None,)
    return tuple(sorted(regions(country))) or (None,)


_CN_USED = text(
    """
    SELECT COALESCE(SUM(CAST(q.result #>> '{counters,cn_annual_used}' AS numeric)
                        - CAST(q.case #>> '{consignment,buyer,cn_annual_used}' AS numeric)), 0)
    FROM marketplace.customs_declaration d
    JOIN marketplace.customs_quote q ON q.id = d.quote_id
    WHERE d.buyer_id = :buyer_id AND d.destination_country = 'CN' AND d.state <> 'refused'
      AND d.drafted_at >= :since
    """
)
_KR_TODAY = text(
    """
    SELECT COALESCE(SUM(q.goods_minor / CAST(q.case #>> '{fx,USD/KRW}' AS numeric)), 0)
    FROM marketplace.customs_declaration d
    JOIN marketplace.customs_quote q ON q.id = d.quote_id
    WHERE d.buyer_id = :buyer_id AND d.destination_country = 'KR' AND d.state <> 'refused'
      AND d.drafted_at >= :since
    """
)


def counters_of(*, buyer_id: UUID | None, country: str) -> Counters:
    """Return what a buyer has imported already, where the law of the country looks at it."""
    destination = shipped.tables().destination_of(country)
    if buyer_id is None or destination is None or destination.counter is None:
        return Counters()
    query, since = _COUNTED[destination.counter]
    asked = {"buyer_id": buyer_id, "since": since(clock.today())}
    used = session().execute(query, asked).scalar_one()
    return Counters(**{destination.counter: Fraction(round(Decimal(used), 2))})


# By the field of `Counters`: what is summed up, and from which day on.
_COUNTED: Mapping[str, tuple[TextClause, Callable[[date], date]]] = {
    "cn_annual_used": (_CN_USED, lambda today: today.replace(month=1, day=1)),
    "kr_same_day_usd": (_KR_TODAY, lambda today: today),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class QuoteView:
    """A stored quote: what was promised until when, and by which rows."""

    id: UUID
    subject: str
    destination_country: str
    regime: str
    regime_name: Message
    goods: Money
    charges: Money
    duty: Money
    taxes: Money
    fees: Money
    incoterm: str
    collector: str
    confidence: str
    row_ids: tuple[str, ...]
    quoted_at: datetime
    valid_until: datetime
    trace: tuple[Mapping[str, Any], ...]

    @property
    def is_valid(self) -> bool:
        """Whether the guarantee still runs."""
        return clock.now() <= self.valid_until


def quote_view(row: CustomsQuote) -> QuoteView:
    """Return a row as its view."""
    return QuoteView(
        id=row.id,
        subject=row.subject,
        destination_country=row.destination_country,
        regime=row.regime,
        regime_name=Message(words.REGIMES[row.regime]),
        goods=Money(row.goods_minor, row.currency),
        charges=Money(row.charges_minor, row.currency),
        duty=Money(row.duty_minor, row.currency),
        taxes=Money(row.tax_minor, row.currency),
        fees=Money(row.fee_minor, row.currency),
        incoterm=row.incoterm,
        collector=row.collector,
        confidence=row.confidence,
        row_ids=tuple(row.row_ids),
        quoted_at=row.quoted_at,
        valid_until=row.valid_until,
        trace=tuple(row.result.get("trace", ())),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    """One step of a declaration."""

    state: DeclarationState
    name: Message
    version: int
    actor: str
    at: datetime
    note: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DeclarationView:
    """A declaration as buyer, vendor and operator see it: assessed beside quoted."""

    id: UUID
    ref: str
    parcel_ref: str
    order_ref: str
    state: DeclarationState
    state_name: Message
    version: int
    lane: Lane | None
    lane_name: Message | None
    registration_number: str | None
    incoterm: str
    quoted: Money
    assessed: Money | None
    document: Mapping[str, Any]
    steps: tuple[StepView, ...]

    @property
    def is_over(self) -> bool:
        """Whether the authority has spoken its last word."""
        return self.state in {DeclarationState.RELEASED, DeclarationState.REFUSED}


def declaration_of(*, parcel_ref: str) -> DeclarationView | None:
    """Return the declaration of a parcel; the caller authorised the parcel."""
    row = session().scalar(
        select(CustomsDeclaration).where(CustomsDeclaration.parcel_ref == parcel_ref)
    )
    return None if row is None else declaration_view(row)


def declarations_of(*, parcel_refs: Sequence[str]) -> dict[str, DeclarationView]:
    """Return declarations by parcel, in two queries; the caller authorised the parcels."""
    rows = (
        session()
        .scalars(select(CustomsDeclaration).where(CustomsDeclaration.parcel_ref.in_(parcel_refs)))
        .all()
    )
    steps = _steps([row.id for row in rows])
    return {row.parcel_ref: _declaration(row, steps[row.id]) for row in rows}


_VERDICTS = text(
    """
    SELECT d.parcel_ref, d.state, s.at FROM marketplace.customs_declaration d
    JOIN marketplace.customs_declaration_step s ON s.declaration_id = d.id AND s.state = d.state
    WHERE d.parcel_ref = ANY(CAST(:refs AS text[])) AND d.state IN ('released', 'refused')
    """
)


def verdicts(*, parcel_refs: Sequence[str]) -> dict[str, tuple[DeclarationState, datetime]]:
    """Return what the authority decided in the end and when, by parcel, in one query."""
    rows = session().execute(_VERDICTS, {"refs": list(parcel_refs)})
    return {row.parcel_ref: (DeclarationState(row.state), row.at) for row in rows}


def unanswered(*, now: datetime) -> list[UUID]:
    """Return the declarations that customs has said nothing about for too long."""
    last = func.max(DeclarationStep.at)
    query = select(CustomsDeclaration.id).join(
        DeclarationStep, DeclarationStep.declaration_id == CustomsDeclaration.id
    )
    query = query.where(CustomsDeclaration.state.in_(AWAITED)).group_by(CustomsDeclaration.id)
    return list(session().scalars(query.having(last <= now - PATIENCE)))


def is_parcel(*, ref: str) -> bool:
    """Whether a parcel was ever priced under a reference, packed or not."""
    known = select(CustomsQuote.id).where(CustomsQuote.subject == ref).limit(1)
    return session().scalar(known) is not None


def declaration_view(row: CustomsDeclaration) -> DeclarationView:
    """Return a row with its steps, oldest first."""
    return _declaration(row, _steps([row.id])[row.id])


def _steps(declaration_ids: Sequence[UUID]) -> dict[UUID, list[DeclarationStep]]:
    steps: dict[UUID, list[DeclarationStep]] = {key: [] for key in declaration_ids}
    for step in session().scalars(
        select(DeclarationStep)
        .where(DeclarationStep.declaration_id.in_(declaration_ids))
        .order_by(DeclarationStep.seq)
    ):
        steps[step.declaration_id].append(step)
    return steps


def _declaration(row: CustomsDeclaration, steps: Sequence[DeclarationStep]) -> DeclarationView:
    state, lane = DeclarationState(row.state), Lane(row.lane) if row.lane else None
    assessed_minor = row.assessed_minor
    return DeclarationView(
        id=row.id,
        ref=row.ref,
        parcel_ref=row.parcel_ref,
        order_ref=row.order_ref,
        state=state,
        state_name=Message(STATE_NAMES[state]),
        version=row.version,
        lane=lane,
        lane_name=None if lane is None else Message(LANE_NAMES[lane]),
        registration_number=row.registration_number,
        incoterm=row.incoterm,
        quoted=Money(row.quoted_minor, row.currency),
        assessed=None if assessed_minor is None else Money(assessed_minor, row.currency),
        document=row.document,
        steps=tuple(_step(step) for step in steps),
    )


def _step(step: DeclarationStep) -> StepView:
    state = DeclarationState(step.state)
    return StepView(
        state=state,
        name=Message(STATE_NAMES[state]),
        version=step.version,
        actor=step.actor,
        at=step.at,
        note=step.note,
    )
