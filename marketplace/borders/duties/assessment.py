"""The landed cost of a shipment: screened, valued by the day's rates, explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from banking import api as bank
from kernel import clock
from kernel.errors import HouseError
from kernel.money import Money, exponent
from kernel.text import Message
from marketplace.borders.duties import errors, shipped
from marketplace.borders.duties.rules import Case, Quote, Reason, Refusal, landed_cost, words
from marketplace.borders.duties.rules.domestic import domestic
from marketplace.borders.duties.rules.explained import LandedCost, explained
from marketplace.borders.duties.rules.shop import (
    Counters,
    Shipment,
    case_for,
    currency_pairs,
    needs_content,
    same_territory,
    stopped,
)
from marketplace.borders.duties.rules.tables import Destination, LimitRow, in_force
from marketplace.borders.duties.rules.tariff import NoTariffRow
from marketplace.borders.duties.rules.valuation import Valuation, rate_between, valued


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
    quote, case = answered(shipment=shipment, on=on, counters=counters)
    incoterm = case.consignment.incoterm.value if case else "DAP"
    cost = explained(
        quote,
        incoterm=incoterm,
        lines=len(shipment.goods),
        tables=shipped.tables(),
        tariff=shipped.tariff(),
    )
    return Assessed(cost=cost, quote=quote, case=case)


def answered(
    *, shipment: Shipment, on: date | None = None, counters: Counters | None = None
) -> tuple[Quote, Case | None]:
    """Return the engine's bare answer, without a sentence; raises what `assessed` raises."""
    day = on or clock.today()
    tables, tariff = shipped.tables(), shipped.tariff()
    country = shipment.destination_country
    destination = tables.destination_of(country)
    if destination is None:
        raise errors.UnsupportedDestination(country=country)
    if same_territory(tables, shipment.dispatch_country, country):
        return domestic(shipment), None
    _screen(shipment, destination, day)
    try:
        case = case_for(
            shipment,
            destination,
            tariff=tariff,
            policy=shipped.policy(),
            fx=_rates(shipment, destination),
            counters=counters or Counters(),
            on=day,
        )
    except NoTariffRow as missing:
        title = next(g.title for g in shipment.goods if g.hs_code == missing.hs)
        raise errors.DutyUnknown(title=title, hs_code=missing.hs, country=country) from None
    answer = landed_cost(case, tables)
    if isinstance(answer, Refusal):
        raise _refused(answer, shipment)
    return answer, case


def _screen(shipment: Shipment, destination: Destination, on: date) -> None:
    for goods in shipment.goods:
        if not goods.hs_code:
            raise errors.GoodsNotClassified(title=goods.title, line_ref=goods.line_ref)
        if not goods.origin_country:
            raise errors.OriginMissing(title=goods.title, line_ref=goods.line_ref)
    stop = stopped(shipment, destination, shipped.tariff(), on)
    if stop is not None:
        index, row = stop
        goods = shipment.goods[index]
        raise errors.GoodsProhibited(
            title=goods.title,
            line_ref=goods.line_ref,
            row=row.id,
            reason=Message(words.RESTRICTIONS[row.reason]),
        )
    without = needs_content(shipment, destination)
    if without is not None:
        raise errors.ContentUnknown(title=shipment.goods[without].title)


@dataclass(frozen=True, slots=True, kw_only=True)
class LineAhead:
    """A limit of the rules that a shipment stands just below.

    Units: room is the value of goods that may still be added, in the goods' currency; more is what
    the border adds at once beyond it, in the border's. Shape: limit as its row says it.
    """

    room: Money
    more: Money
    limit: Money
    row: str


def line_ahead(*, shipment: Shipment, within: Fraction) -> LineAhead | None:
    """Return the nearest limit that goods of some more value would cross, None when none is near.

    The rows say where it may lie; the engine, asked on both sides of it, whether it does and what
    it costs. Units: within is the share of the limit that counts as near.
    """
    try:
        quote, case = answered(shipment=shipment)
        if case is None:
            return None
        tables = shipped.tables()
        destination = tables.destination_of(shipment.destination_country)
        assert destination is not None, "a case has a territory"
        goods = valued(case, destination, tables)
        lines = [
            line
            for row in tables.limits
            if row.destination == destination.code
            and in_force(row, goods.entry_on)
            and (line := _beyond(shipment, quote, goods, row, within)) is not None
        ]
    except HouseError:
        return None
    return min(lines, key=lambda line: line.room.minor, default=None)


def _beyond(
    shipment: Shipment, quote: Quote, goods: Valuation, row: LimitRow, within: Fraction
) -> LineAhead | None:
    room = _room(goods, row)
    currency = shipment.goods[0].unit_price.currency
    if room is None or not 0 < room <= within * goods.limit(row.name)[1]:
        return None
    turned = room / rate_between(goods.fx, currency, goods.currency)
    below = Money(int(turned * 10 ** exponent(currency)), currency)
    if not below:
        return None
    under, _ = answered(shipment=_with_more(shipment, below))
    over, _ = answered(shipment=_with_more(shipment, below + Money(2, currency)))
    more = Money.rounded(over.charges_total - under.charges_total, quote.currency)
    if under.regime != quote.regime or over.regime == quote.regime or more.minor <= 0:
        return None
    return LineAhead(
        room=below, more=more, limit=Money.rounded(row.amount, row.currency), row=row.id
    )


def _room(goods: Valuation, row: LimitRow) -> Fraction | None:
    """Return how much goods may be added below a limit; None where it measures something else."""
    _, limit = goods.limit(row.name)
    if row.measures.startswith("intrinsic"):
        return limit - goods.intrinsic
    if row.measures == "cif":
        return limit - goods.delivered
    if row.measures == "taxable_value":
        factor = goods.tables.needed("JP-PERSONAL-FACTOR", goods.entry_on).share
        return limit / factor - goods.intrinsic
    return None


def _with_more(shipment: Shipment, value: Money) -> Shipment:
    more = replace(shipment.goods[0], quantity=1, unit_price=value)
    return replace(shipment, goods=(*shipment.goods, more))


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
    for base, quote in sorted(currency_pairs(shipment, destination, shipped.tables())):
        ratio = bank.fx_rate(base=base, quote=quote).ratio
        rates[base, quote] = _published(ratio.numerator, ratio.denominator)
    return rates


@lru_cache(maxsize=1_000)
def _published(numerator: int, denominator: int) -> Fraction:
    digits = Decimal(numerator) / Decimal(denominator)
    return Fraction(round(digits, 9 - digits.adjusted()))
