"""The landed cost of a shipment: screened, valued by the day's rates, explained."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from banking import api as bank
from kernel import clock
from kernel.errors import HouseError
from kernel.text import Message
from marketplace.customs import errors, shipped
from marketplace.customs.rules import Case, Quote, Reason, Refusal, landed_cost, words
from marketplace.customs.rules.domestic import domestic
from marketplace.customs.rules.explained import LandedCost, explained
from marketplace.customs.rules.shop import (
    Counters,
    Shipment,
    case_for,
    currency_pairs,
    needs_content,
    same_territory,
    stopped,
)
from marketplace.customs.rules.tables import Destination
from marketplace.customs.rules.tariff import NoTariffRow


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
        quote, incoterm=incoterm, lines=len(shipment.goods),
        tables=shipped.tables(), tariff=shipped.tariff(),
    )  # fmt: skip
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
            shipment, destination, tariff=tariff, policy=shipped.policy(),
            fx=_rates(shipment, destination), counters=counters or Counters(), on=day,
        )  # fmt: skip
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
        rates[base, quote] = _published(ratio.numerator, ratio.denominator)
    return rates


@lru_cache(maxsize=1_000)
def _published(numerator: int, denominator: int) -> Fraction:
    digits = Decimal(numerator) / Decimal(denominator)
    return Fraction(round(digits, 9 - digits.adjusted()))
