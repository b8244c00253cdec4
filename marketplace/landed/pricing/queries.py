"""Prices in the buyer's currency with their provenance, and all a cart must know of an offer."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from fractions import Fraction
from typing import Any

from sqlalchemy import Row, Select, select, text
from sqlalchemy.dialects.postgresql import distinct_on

from banking import api as bank
from kernel import clock
from kernel.db import session
from kernel.memory import Memory
from kernel.money import Money
from kernel.statements import read_sql
from marketplace.catalogue.drawings import queries as drawings
from marketplace.catalogue.offers.service import PastPrice, proven, struck_price
from marketplace.catalogue.products import queries as catalogue
from marketplace.catalogue.products.queries import in_language
from marketplace.landed.pricing import rules
from marketplace.landed.pricing.models import PriceRounding
from marketplace.landed.pricing.rules import DisplayedPrice, Step, UsableRate

__all__ = ["DisplayedPrice"]  # what other rooms read of this one's rules

_OFFERS = text(read_sql(__file__, "offers"))
_HISTORY = text(
    """
    SELECT price_minor, valid_from FROM marketplace.offer_price_record
    WHERE offer_id = :offer_id AND currency = :currency ORDER BY valid_from, id
    """
)

_steps: Memory[date, dict[str, tuple[Step, ...]]] = Memory(seconds=60, most=4)


@dataclass(frozen=True, slots=True)
class OfferLine:
    """All that cart, checkout, customs and shipping must know of one offer.

    Units: lead_time_days, weight_g in grams packed, available in pieces. Shape: price is None when
    the currency cannot be reached; picture is the path of the smallest file,
    or of a drawing; is_named when the goods name who answers for them in the European Union.
    """

    offer_id: int
    version: int
    vendor_id: int
    product_id: int
    product_ref: str
    variant_id: int
    variant_key: str
    sku: str
    options: Mapping[str, str]
    title: str
    titles: Mapping[str, str]
    picture: str
    home_price: Money
    price: DisplayedPrice | None
    lead_time_days: int
    available: int
    hs_code: str | None
    origin_country: str | None
    weight_g: int | None
    size_mm: tuple[int, ...] | None
    hazards: tuple[str, ...]
    category_id: int
    is_named: bool
    is_for_sale: bool


def owed(home: Money) -> Money | None:
    """Return what a vendor is owed for its own price, in what it is paid in; None without a rate.

    Units: per piece, as the price.
    """
    paid_in = bank.wallet_currency(home.currency)
    if paid_in == home.currency:
        return home
    exchange_rate = rate(home.currency, paid_in)
    return (
        Money.rounded(Fraction(home.amount) * exchange_rate.ratio, paid_in)
        if exchange_rate
        else None
    )


def rate(base: str, quote: str) -> UsableRate | None:
    """Return the bank's stored rate of today, None when it has none that may be used.

    Pages remember rates for half a minute; commands read them fresh.
    """
    if base == quote:
        raise AssertionError("no rate is asked for within one currency")
    try:
        exchange_rate = bank.rates_on().rate(base, quote)
    except (bank.NoRate, bank.StaleRate):
        return None
    return UsableRate(exchange_rate.ratio, exchange_rate.source, exchange_rate.rate_on)


def turned(money: Money, currency: str) -> Money | None:
    """Return an amount at today's rate, None when there is none."""
    if money.currency == currency:
        return money
    exchange_rate = rate(money.currency, currency)
    return money.turned(exchange_rate.ratio, currency) if exchange_rate else None


def is_reachable(currency: str) -> bool:
    """Whether prices can be shown in a currency at all today."""
    return bool(bank.rates_on().knows(currency))


def price_in(*, home: Money, own: Mapping[str, int], currency: str) -> DisplayedPrice | None:
    """Return an offer's price in a currency, None when it cannot be reached."""
    needs_rate = currency != home.currency and currency not in own
    return rules.displayed_price(
        home=home,
        own=own,
        currency=currency,
        rate=rate(home.currency, currency) if needs_rate else None,
        steps=steps(currency) if needs_rate else (),
    )


def euro_minor(*, home: Money, own: Mapping[str, int]) -> int | None:
    """Return an offer's price in euro cents as sorting sees it, None without a rate."""
    needs_rate = home.currency != "EUR" and "EUR" not in own
    return rules.euro_minor(home, own, rate(home.currency, "EUR") if needs_rate else None)


def steps(currency: str) -> tuple[Step, ...]:
    """Return a currency's rounding steps in force today, by amount."""
    on = clock.today()
    known = _steps.get(on)
    if known is None:
        known = {}
        for row in session().execute(_steps_on(on)):
            step = Step(row.from_minor, row.step_minor, row.less_minor)
            known[row.currency] = (*known.get(row.currency, ()), step)
        _steps.keep({on: known})
    return known.get(currency, ())


def _steps_on(on: date) -> Select[str, int, int, int]:
    """Return the rows in force on a day: of each amount of each currency the newest."""
    step = (PriceRounding.currency, PriceRounding.from_minor)
    return (
        select(*step, PriceRounding.step_minor, PriceRounding.less_minor)
        .where(PriceRounding.valid_from <= on)
        .ext(distinct_on(*step))
        .order_by(*step, PriceRounding.valid_from.desc())
    )


def offer_lines(offer_ids: Collection[int], *, locale: str, currency: str) -> dict[int, OfferLine]:
    """Return everything about offers in one statement; unknown ids are missing."""
    if not offer_ids:
        return {}
    rows = session().execute(_OFFERS, {"ids": list(offer_ids)})
    return {row.id: _line(row, locale, currency) for row in rows}


@dataclass(frozen=True, slots=True)
class Struck:
    """The price that may stand struck beside today's, with its proof.

    Shape: lowest of the thirty days before the reduction; prices with the instant each began, the
    newest first, back to the one in force thirty days before the reduction.
    """

    lowest: Money
    prices: tuple[tuple[datetime, Money], ...]


def struck(offer_id: int, currency: str, *, now: datetime | None = None) -> Struck | None:
    """Return what may stand struck beside today's price in a currency the vendor typed."""
    rows: Sequence[Any] = (
        session().execute(_HISTORY, {"offer_id": offer_id, "currency": currency}).all()
    )
    history = [PastPrice(row.price_minor, row.valid_from) for row in rows]
    minor = struck_price(history, now=now or clock.now())
    if minor is None:
        return None
    proof = [(past.valid_from, Money(past.price_minor, currency)) for past in proven(history)]
    return Struck(Money(minor, currency), tuple(reversed(proof)))


def _line(row: Row[Any], locale: str, currency: str) -> OfferLine:
    home = Money(row.price_minor, row.currency)
    available = max(0, row.available or 0)
    return OfferLine(
        offer_id=row.id,
        version=row.version,
        vendor_id=row.vendor_id,
        product_id=row.product_id,
        product_ref=row.product_ref,
        variant_id=row.variant_id,
        variant_key=row.variant_key,
        sku=row.sku,
        options=row.options,
        titles=row.titles or {},
        title=in_language(row.titles or {}, locale, row.source_locale),
        picture=row.picture or _drawing(row),
        home_price=home,
        price=price_in(home=home, own=row.own or {}, currency=currency),
        lead_time_days=row.lead_time_days,
        available=available,
        hs_code=row.hs_code,
        origin_country=row.origin_country,
        weight_g=row.weight_g,
        size_mm=tuple(row.size_mm) if row.size_mm else None,
        category_id=row.category_id,
        is_named=row.is_named,
        hazards=tuple(row.hazards or ()),
        is_for_sale=(row.status, row.product_status, row.vendor_status)
        == ("listed", "listed", "active"),
    )


def _drawing(row: Row[Any]) -> str:
    return drawings.path_for(
        category_ids=row.category_ids,
        key=row.product_ref,
        colour=catalogue.colour_of(row.options, row.hex),
        title=(row.titles or {}).get("en", ""),
    )
