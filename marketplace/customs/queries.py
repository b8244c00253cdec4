"""Reads of customs: estimates for pages, stored quotes and declarations, counters of a buyer."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any
from uuid import UUID

from sqlalchemy import select, text

from banking import api as bank
from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import session
from kernel.errors import HouseError
from kernel.money import Money
from kernel.text import Message
from marketplace.customs import errors, shipped
from marketplace.customs.models import CustomsDeclaration, CustomsQuote, DeclarationStep
from marketplace.customs.rules import Case, Quote, Reason, Refusal, landed_cost, words
from marketplace.customs.rules.clearance import (
    LANE_NAMES,
    STATE_NAMES,
    DeclarationState,
    Lane,
)
from marketplace.customs.rules.domestic import domestic
from marketplace.customs.rules.explained import LandedCost, LandedLine, explained
from marketplace.customs.rules.facts import Channel
from marketplace.customs.rules.shop import (
    Counters,
    Goods,
    Shipment,
    case_for,
    currency_pairs,
    needs_content,
    same_territory,
    stopped,
)
from marketplace.customs.rules.tables import Destination
from marketplace.customs.rules.tariff import NoTariffRow

__all__ = [
    "Channel",
    "DeclarationView",
    "Estimate",
    "Goods",
    "LandedCost",
    "LandedLine",
    "QuoteView",
    "Shipment",
    "StepView",
    "declaration_of",
    "destinations",
    "estimate",
    "needs_declaration",
    "quote_by_id",
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


def destinations() -> frozenset[str]:
    """Return the countries that customs rules are in the books for."""
    return frozenset(code for d in shipped.tables().destinations for code in d.members)


def needs_declaration(*, dispatch_country: str, destination_country: str) -> bool:
    """Whether goods between two countries cross a customs border."""
    return not same_territory(shipped.tables(), dispatch_country, destination_country)


def estimate(*, shipment: Shipment, on: date | None = None) -> Estimate:
    """Return the landed cost of a shipment for a page, a range while the region is unknown.

    Writes nothing; a refusal is a sentence in the answer, never an error and never zero.
    """
    regions = _regions(shipment)
    try:
        found = [
            assessed(shipment=dataclasses.replace(shipment, destination_region=region), on=on).cost
            for region in regions
        ]
    except HouseError as refused:
        return Estimate(low=None, high=None, refusal=refused.sentence)
    low = min(found, key=lambda cost: cost.total.minor)
    high = max(found, key=lambda cost: cost.total.minor)
    return Estimate(low=low, high=low if low.total == high.total else high)


def _regions(shipment: Shipment) -> tuple[str | None, ...]:
    if shipment.destination_region is not None:
        return (shipment.destination_region,)
    country = shipment.destination_country
    if same_territory(shipped.tables(), shipment.dispatch_country, country):
        return (None,)
    known = {r.region for r in shipped.tables().tax_rates if r.destination == country}
    return tuple(sorted(region for region in known if region is not None)) or (None,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Assessed:
    """A landed cost with the case and the engine's own answer behind it (None inside a border)."""

    cost: LandedCost
    quote: Quote
    case: Case | None


def assessed(
    *, shipment: Shipment, on: date | None = None, counters: Counters | None = None
) -> Assessed:
    """Return the landed cost of a shipment whose address is settled.

    Raises: UnsupportedDestination, GoodsNotClassified, OriginMissing, GoodsProhibited,
    DutyUnknown, ContentUnknown, RuleMissing, and the limits of the destinations.
    """
    day = on or clock.today()
    tables, tariff = shipped.tables(), shipped.tariff()
    country = shipment.destination_country
    destination = tables.destination_of(country)
    if destination is None:
        raise errors.UnsupportedDestination(country=country)
    if same_territory(tables, shipment.dispatch_country, country):
        return _explained(domestic(shipment), None, shipment, "DAP")
    _screen(shipment, destination, day)
    try:
        case = case_for(
            shipment, destination, tariff=tariff, policy=shipped.policy(),
            fx=_rates(shipment, destination), counters=counters or Counters(), on=day,
        )  # fmt: skip
    except NoTariffRow as missing:
        title = next(g.title for g in shipment.goods if g.hs_code == missing.hs)
        raise errors.DutyUnknown(title=title, hs_code=missing.hs, country=country) from None
    answer = landed_cost(case, tables)
    if isinstance(answer, Refusal):
        raise _refused(answer, shipment)
    return _explained(answer, case, shipment, case.consignment.incoterm.value)


def _explained(quote: Quote, case: Case | None, shipment: Shipment, incoterm: str) -> Assessed:
    cost = explained(
        quote, incoterm=incoterm, lines=len(shipment.goods),
        tables=shipped.tables(), tariff=shipped.tariff(),
    )  # fmt: skip
    return Assessed(cost=cost, quote=quote, case=case)


def _screen(shipment: Shipment, destination: Destination, on: date) -> None:
    for goods in shipment.goods:
        if not goods.hs_code:
            raise errors.GoodsNotClassified(title=goods.title, line_ref=goods.line_ref)
        if not goods.origin_country:
            raise errors.OriginMissing(title=goods.title, line_ref=goods.line_ref)
    found = stopped(shipment, destination, shipped.tariff(), on)
    if found is not None:
        index, row = found
        goods = shipment.goods[index]
        raise errors.GoodsProhibited(
            title=goods.title, line_ref=goods.line_ref, row=row.id,
            reason=Message(words.RESTRICTIONS[row.reason]),
        )  # fmt: skip
    without = needs_content(shipment, destination)
    if without is not None:
        raise errors.ContentUnknown(title=shipment.goods[without].title)


_LIMITS: Mapping[Reason, type[HouseError]] = {
    Reason.CN_ANNUAL_LIMIT: errors.AnnualImportLimit,
    Reason.CN_SINGLE_LIMIT: errors.SingleImportLimit,
    Reason.BR_CEILING: errors.ProgrammeCeiling,
    Reason.US_FORMAL_ENTRY: errors.FormalEntryNeeded,
    Reason.SG_MIXED_BASKET: errors.MixedBasket,
    Reason.UNSUPPORTED_DESTINATION: errors.UnsupportedDestination,
    Reason.NO_RULE: errors.RuleMissing,
}


def _refused(refusal: Refusal, shipment: Shipment) -> HouseError:
    if refusal.reason in _LIMITS:
        return _LIMITS[refusal.reason](country=shipment.destination_country)
    goods = shipment.goods[(refusal.line or 1) - 1]
    return errors.GoodsProhibited(
        title=goods.title, line_ref=goods.line_ref, row=refusal.reason.value, reason=""
    )


def _rates(shipment: Shipment, destination: Destination) -> dict[tuple[str, str], Fraction]:
    """Return the day's reference rates with ten digits, as customs offices publish them."""
    rates = {}
    for base, quote in sorted(currency_pairs(shipment, destination)):
        ratio = bank.fx_rate(base=base, quote=quote).ratio
        digits = Decimal(ratio.numerator) / Decimal(ratio.denominator)
        rates[base, quote] = Fraction(round(digits, 9 - digits.adjusted()))
    return rates


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
    """Return what a buyer has imported this year (China) or today (Korea), in one query."""
    today = clock.today()
    if buyer_id is None or country not in {"CN", "KR"}:
        return Counters()
    since = today.replace(month=1, day=1) if country == "CN" else today
    query = _CN_USED if country == "CN" else _KR_TODAY
    used = session().execute(query, {"buyer_id": buyer_id, "since": since}).scalar_one()
    amount = Fraction(round(Decimal(used), 2))
    if country == "CN":
        return Counters(cn_annual_used=amount)
    return Counters(kr_same_day_usd=amount)


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


def quote_by_id(*, quote_id: UUID) -> QuoteView:
    """Return a stored quote. Raises: QuoteUnknown."""
    row = session().get(CustomsQuote, quote_id)
    if row is None:
        raise errors.QuoteUnknown(quote_id=quote_id)
    return quote_view(row)


def quote_view(row: CustomsQuote) -> QuoteView:
    """Return a row as its view."""
    return QuoteView(
        id=row.id, subject=row.subject, destination_country=row.destination_country,
        regime=row.regime, regime_name=Message(words.REGIMES[row.regime]),
        goods=Money(row.goods_minor, row.currency), charges=Money(row.charges_minor, row.currency),
        duty=Money(row.duty_minor, row.currency), taxes=Money(row.tax_minor, row.currency),
        fees=Money(row.fee_minor, row.currency), incoterm=row.incoterm, collector=row.collector,
        confidence=row.confidence, row_ids=tuple(row.row_ids), quoted_at=row.quoted_at,
        valid_until=row.valid_until, trace=tuple(row.result.get("trace", ())),
    )  # fmt: skip


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


def declaration_for(*, actor: Actor, ref: str) -> DeclarationView:
    """Return a declaration to its buyer or to an operator. Raises: DeclarationUnknown."""
    row = session().scalar(select(CustomsDeclaration).where(CustomsDeclaration.ref == ref))
    is_own = row is not None and actor.is_signed_in and row.buyer_id == actor.person_id
    if row is None or not (is_own or actor.has(Role.OPERATOR)):
        raise errors.DeclarationUnknown(ref=ref)
    return declaration_view(row)


def declaration_view(row: CustomsDeclaration) -> DeclarationView:
    """Return a row with its steps, oldest first."""
    steps = session().scalars(
        select(DeclarationStep)
        .where(DeclarationStep.declaration_id == row.id)
        .order_by(DeclarationStep.seq)
    )
    state, lane = DeclarationState(row.state), Lane(row.lane) if row.lane else None
    assessed_minor = row.assessed_minor
    return DeclarationView(
        id=row.id, ref=row.ref, parcel_ref=row.parcel_ref, order_ref=row.order_ref, state=state,
        state_name=Message(STATE_NAMES[state]), version=row.version, lane=lane,
        lane_name=None if lane is None else Message(LANE_NAMES[lane]),
        registration_number=row.registration_number, incoterm=row.incoterm,
        quoted=Money(row.quoted_minor, row.currency),
        assessed=None if assessed_minor is None else Money(assessed_minor, row.currency),
        document=row.document, steps=tuple(_step(step) for step in steps),
    )  # fmt: skip


def _step(step: DeclarationStep) -> StepView:
    state = DeclarationState(step.state)
    return StepView(
        state=state, name=Message(STATE_NAMES[state]), version=step.version, actor=step.actor,
        at=step.at, note=step.note,
    )  # fmt: skip
