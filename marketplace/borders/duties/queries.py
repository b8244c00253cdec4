"""Reads of duties: estimates for pages, the cost of a settled address, codes of goods."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from kernel.errors import HouseError
from kernel.money import Money
from kernel.text import Message
from marketplace.borders.duties import shipped
from marketplace.borders.duties.assessment import (
    Assessed,
    LineAhead,
    answered,
    assessed,
    line_ahead,
)
from marketplace.borders.duties.rules import words as sentences
from marketplace.borders.duties.rules import written
from marketplace.borders.duties.rules.classification import Proposal
from marketplace.borders.duties.rules.explained import LandedCost, LandedLine
from marketplace.borders.duties.rules.facts import Channel
from marketplace.borders.duties.rules.shop import (
    Counters,
    Goods,
    Shipment,
    same_territory,
)
from marketplace.borders.duties.rules.written import case_json, quote_json

__all__ = [
    "Assessed",
    "Channel",
    "Counters",
    "Dues",
    "Estimate",
    "Goods",
    "LandedCost",
    "LandedLine",
    "LineAhead",
    "Proposal",
    "Shipment",
    "assessed",
    "case_json",
    "classify",
    "counted_in",
    "destinations",
    "digest",
    "dues",
    "estimate",
    "hs_path",
    "line_ahead",
    "needs_declaration",
    "quote_json",
    "quote_validity",
    "regime_name",
    "regions",
    "replayed",
    "rows_digest",
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


def counted_in(country: str) -> str | None:
    """Return the field of `Counters` that the law of a country looks at, None where it does not."""
    destination = shipped.tables().destination_of(country)
    return None if destination is None else destination.counter


def regime_name(regime: str) -> Message:
    """Return the sentence about how goods go in."""
    return Message(sentences.REGIMES[regime])


def quote_validity() -> timedelta:
    """Return how long a quote holds."""
    return shipped.policy().quote_validity


def rows_digest() -> str:
    """Return the fingerprint of the rows of today, kept with quotes."""
    return shipped.digest()


def replayed(*, case: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a kept case gives under the rows of today, as `quote_json` writes it."""
    return written.answer(case, shipped.tables())
