"""From a shopper's parcel to the tariff's risk: goods class, levels, rider."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from fractions import Fraction
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from insurance.rating.liability import queries as liability
from insurance.rating.liability.queries import Cause, Interest
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import (
    DelayRider,
    Item,
    Product,
    Risk,
    Section,
    ShopTariff,
    Tariff,
    Verdict,
)
from kernel.money import Money, total

_DATA = Path(__file__).parent / "data"

# Why a level is not sold to somebody who is owed all of it anyway; the tariff's own reasons are
# those of a gate that it never comes to.
ADDS_NOTHING = "ADDS_NOTHING"


class Cover(StrEnum):
    """The three levels, from narrow to wide."""

    TL = "TL"
    STD = "STD"
    PLUS = "PLUS"


class QuoteKind(StrEnum):
    """Where a price was asked for."""

    CART = "cart"
    BANK = "bank"


def sold_perils(*, cover: Cover, interest: Interest, day: date) -> tuple[Cause, ...]:
    """Return the causes that a level is sold with to somebody, none where it adds nothing.

    Those are what it adds: what the holder is owed anyway is left out, and out of its price.
    """
    return tuple(liability.gains(level=cover, interest=interest, on=day))


def left_out_pct(*, cover: Cover, perils: Sequence[Cause], of: Tariff) -> Fraction:
    """Return the discount that leaves the loss out of a level's price where the seller bears it.

    The narrow level pays for a loss alone, so its rate is the loss's share of every other. What is
    not sold any more, and stands in policies of before, is rated whole.
    Units: per cent of the level's rate, exact.
    """
    base = of.base_pct[Product.PARCEL]
    loss, whole = base[Cover.TL], base[cover]
    if not perils or Cause.LOST in perils:
        return Fraction(0)
    if isinstance(loss, Verdict) or isinstance(whole, Verdict):
        return Fraction(0)  # a level without a rate has no price: the gate answers for it
    return 100 * loss / whole


def damage_share_pct(*, goods: str, cover: Cover, of: Tariff) -> Fraction:
    """Return how much of the sum insured the holder bears of a breakage, in per cent.

    The narrow level pays for no breakage, so there is nothing to bear.
    """
    return of.fragile_deductible_pct if goods == "G5" and cover is not Cover.TL else Fraction(0)


class Mode(StrEnum):
    """How a parcel travels: express, tracked, or tracked post."""

    EXP = "EXP"
    TRK = "TRK"
    POST = "POST"


@dataclass(frozen=True, slots=True, kw_only=True)
class InsuredItem:
    """A thing in the parcel with its paid price for all pieces.

    Shape: listing_value is the shop's listed price where the declared one may differ; pieces is how
    many it is, None where nobody counted them.
    """

    description: str
    hs_code: str
    value: Money
    listing_value: Money | None = None
    pieces: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class ParcelRisk:
    """One parcel as the shop knows it; every amount in the currency the shopper pays in.

    Units: planned_days on the way, from first scan to promise. Shape: interest is the part in which
    the policyholder would bear a loss; of a gift the values are what replacing it costs;
    promised_on is the day that its carrier promised, None where nobody told it: orders know theirs.
    """

    policyholder_country: str
    origin_country: str
    destination_country: str
    items: tuple[InsuredItem, ...]
    freight: Money
    mode: Mode
    interest: Interest = Interest.CONSUMER
    prepaid_duty: Money | None = None
    is_business: bool = False
    is_tracked: bool = True
    has_signature: bool = False
    is_already_scanned: bool = False
    is_sanctioned: bool = False
    packing: str = "normal"
    deductible: str = "0"
    planned_days: int = 14
    is_gift: bool = False
    promised_on: date | None = None

    @property
    def currency(self) -> str:
        """The one currency of all amounts."""
        return self.freight.currency

    def __post_init__(self) -> None:
        """Refuse an empty parcel and mixed currencies: the caller's error, not the shopper's."""
        assert self.items, "a parcel holds something"
        assert self.planned_days >= 1, "a parcel travels a day at least"
        total([item.value for item in self.items], self.currency)


@dataclass(frozen=True, slots=True, kw_only=True)
class GoodsRow:
    """A goods class for HS codes that begin with a prefix, from a day on."""

    hs: str
    goods: str
    valid_from: date
    is_perishable: bool
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferTerms:
    """What is on offer beside the tariff, from a day on. Units: minutes, days, major units."""

    valid_from: date
    quote_minutes: int
    delay_trigger_days: Mapping[str, int]
    delay_benefit: Mapping[str, str]

    @property
    def lifetime(self) -> timedelta:
        """How long a quote holds."""
        return timedelta(minutes=self.quote_minutes)


def _goods_row(raw: Mapping[str, Any], hs: str) -> GoodsRow:
    return GoodsRow(
        hs=hs,
        goods=raw["class"],
        valid_from=date.fromisoformat(raw["valid_from"]),
        is_perishable=raw.get("perishable", False),
        why=raw.get("why", ""),
    )


@cache
def goods_rows() -> tuple[GoodsRow, ...]:
    """Return every row, the one for everything else with an empty prefix."""
    raw = json.loads((_DATA / "goods_classes.json").read_text(encoding="utf-8"))
    return (_goods_row(raw["otherwise"], ""), *(_goods_row(row, row["hs"]) for row in raw["rows"]))


@cache
def _offers() -> tuple[OfferTerms, ...]:
    raw = json.loads((_DATA / "parcel_offers.json").read_text(encoding="utf-8"))
    return tuple(
        OfferTerms(**row | {"valid_from": date.fromisoformat(row["valid_from"])}) for row in raw
    )


def offer_on(day: date) -> OfferTerms:
    """Return the terms in force on a day. Raises: ValueError before the first."""
    return max((o for o in _offers() if o.valid_from <= day), key=lambda o: o.valid_from)


@lru_cache(maxsize=4096)
def goods_row(hs_code: str, day: date) -> GoodsRow:
    """Return the row of the longest prefix in force on a day; of equals the latest."""
    fitting = [row for row in goods_rows() if hs_code.startswith(row.hs) and row.valid_from <= day]
    return max(fitting, key=lambda row: (len(row.hs), row.valid_from))


def class_of(items: Sequence[InsuredItem], day: date, of: Tariff) -> GoodsRow:
    """Return the row that speaks for a whole parcel: excluded before dearest.

    A parcel is one risk; its most endangered thing decides what it costs.
    """
    rows = [goods_row(item.hs_code, day) for item in items]

    def weight(row: GoodsRow) -> tuple[bool, Fraction]:
        cell = of.goods[row.goods]
        return isinstance(cell, Verdict), cell if isinstance(cell, Fraction) else Fraction(0)

    worst = max(rows, key=weight)
    return replace(worst, is_perishable=any(row.is_perishable for row in rows))


def _major(money: Money | None) -> Fraction:
    return Fraction(money.amount) if money is not None else Fraction(0)


def tax_rule(
    parcel: ParcelRisk, cover: Cover, section: Section, day: date, of: Tariff
) -> str | None:
    """Return the name of the rule that taxes a section's premium, None where there is none."""
    row = of.tax_row(risk_of(parcel, cover, day, of), section)
    if row is None:
        return None
    return "-".join((row.country, section, row.route, row.kind, row.valid_from.isoformat()))


def risk_of(
    parcel: ParcelRisk,
    cover: Cover,
    day: date,
    of: Tariff,
    *,
    perils: Sequence[Cause] | None = None,
) -> Risk:
    """Return the tariff's risk of a parcel at a level.

    Shape: perils are what a concluded cover was sold with, None for what is sold on the day.
    """
    sold = sold_perils(cover=cover, interest=parcel.interest, day=day)
    goods = class_of(parcel.items, day, of)
    return Risk(
        product=Product.PARCEL,
        cover=cover.value,
        currency=parcel.currency,
        country=parcel.policyholder_country,
        is_business=parcel.is_business,
        origin=parcel.origin_country,
        destination=parcel.destination_country,
        bound_on=day,
        mode=parcel.mode.value,
        goods=goods.goods,
        deductible=parcel.deductible,
        packing=parcel.packing,
        items=tuple(
            Item(
                value=_major(item.value),
                listing_value=_major(item.listing_value) if item.listing_value else None,
            )
            for item in parcel.items
        ),
        freight=_major(parcel.freight),
        prepaid_duty=_major(parcel.prepaid_duty),
        has_signature=parcel.has_signature,
        is_tracked=parcel.is_tracked,
        is_already_scanned=parcel.is_already_scanned,
        is_sanctioned=parcel.is_sanctioned,
        is_perishable=goods.is_perishable,
        discount_pct=left_out_pct(cover=cover, perils=sold if perils is None else perils, of=of),
    )


def is_sold_in(currency: str, of: Tariff) -> bool:
    """Whether the tariff has a minimum premium, hence a price, in a currency."""
    return currency in of.minimum[Product.PARCEL]


def rider_of(parcel: ParcelRisk, day: date, of: Tariff) -> DelayRider | None:
    """Return the delay rider on offer for a parcel, None where the tariff has none."""
    offer = offer_on(day)
    benefit, days = offer.delay_benefit.get(parcel.currency), offer.delay_trigger_days[parcel.mode]
    if benefit is None or str(days) not in of.delay_pct[parcel.mode]:
        return None
    return DelayRider(trigger_days=days, benefit=Fraction(benefit))


def rate_levels(
    parcel: ParcelRisk,
    day: date,
    euro_rate: Fraction | None,
    sold: Mapping[Cover, ShopTariff],
) -> Mapping[Cover, tariff.Premium | tariff.Refusal]:
    """Return the price of every level with the rider as its own section, or why there is none.

    A level that adds nothing to what its holder is owed anyway is left out. Shape: sold is by
    which tariff a level is sold; one for all is asked once.
    """
    answers = {of: _remembered(parcel, day, euro_rate, of) for of in set(sold.values())}
    return {cover: answers[of][cover] for cover, of in sold.items() if cover in answers[of]}


def held_until(
    now: datetime, *, lifetime: timedelta, is_other: bool, then: Collection[Tariff]
) -> datetime:
    """Return until when a price holds: for its lifetime, and not into a day of other prices.

    Shape: is_other tells that insurer or tariff are others at the end of the lifetime, then are the
    tariffs there.
    """
    end = now + lifetime
    midnight = datetime.combine(end.date(), time(), now.tzinfo)
    is_another = is_other or any(row.valid_from == end.date() for of in then for row in of.tax_rows)
    return midnight if now < midnight and is_another else end


def levels_by(
    parcel: ParcelRisk,
    day: date,
    euro_rate: Fraction | None,
    of: ShopTariff,
    *,
    rate: Callable[[Risk, ShopTariff], tariff.Premium | tariff.Refusal] | None = None,
) -> Mapping[Cover, tariff.Premium | tariff.Refusal]:
    """Return the price of every level by a tariff that need not be in force.

    Shape: rate prices a level otherwise than the engine does by itself.
    """
    if euro_rate is None or not is_sold_in(parcel.currency, of):
        decline = tariff.Refusal(
            decision=tariff.Decision.DECLINE, reason=tariff.Reason.CURRENCY_NOT_OFFERED
        )
        return dict.fromkeys(Cover, decline)
    answers: dict[Cover, tariff.Premium | tariff.Refusal] = {}
    rider = rider_of(parcel, day, of)
    for cover in Cover:
        if sold_perils(cover=cover, interest=parcel.interest, day=day):
            risk = _ridden(risk_of(parcel, cover, day, of), rider, of)
            answers[cover] = (
                tariff.rate(risk=risk, tariff=of, euro_rate=euro_rate)
                if rate is None
                else rate(risk, of)
            )
    return answers


# A shopper's parcel is asked about on page after page; by a tariff that is no more it is forgotten.
_remembered = lru_cache(maxsize=1024)(levels_by)


def _ridden(risk: Risk, rider: DelayRider | None, of: Tariff) -> Risk:
    """Return a risk with the rider, without it where the tax tables know no delay cover."""
    if rider is None:
        return risk
    ridden = replace(risk, delay=rider)
    return ridden if of.tax_row(ridden, tariff.Section.DELAY) is not None else risk
