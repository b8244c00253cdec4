"""What goods would cost buyers at some doors: by the very rules that shelf and cart reckon with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from kernel.money import Money
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.catalogue.vendors.queries import VendorView
from marketplace.landed.previews import queries as previews
from marketplace.landed.previews.queries import Destination, Piece, Preview
from marketplace.landed.pricing import queries as pricing

DOORS = 3
# Three large markets with borders of three kinds; the shop's own country makes way for the fourth.
_USUAL = ("DE", "US", "JP", "GB")


@dataclass(frozen=True, slots=True)
class Door:
    """One country. Shape: goods and seen are None where there is no price in its currency."""

    country: str
    currency: str
    goods: Money | None
    seen: Preview | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Goods:
    """What of a listing decides on its price at a door. Units: weight_g packed grams, days.

    Shape: is_named when it names who answers for its safety in the European Union.
    """

    offer_id: int
    version: int
    price: Money
    own_prices: Mapping[str, int]
    hs_code: str
    origin_country: str
    weight_g: int | None
    hazards: tuple[str, ...]
    lead_time_days: int
    is_named: bool


def chosen(wanted: Sequence[str], vendor: VendorView) -> tuple[str, ...]:
    """Return three countries: those asked for, else three large markets."""
    asked = [code for code in dict.fromkeys(wanted) if code in COUNTRY_CURRENCY]
    usual = [code for code in _USUAL if code != vendor.country and code not in asked]
    return tuple([*asked, *usual][:DOORS])


def at_doors(goods: Goods, vendor: VendorView, countries: Sequence[str]) -> tuple[Door, ...]:
    """Return an estimate for each country, with its steps or the reason why there is none."""
    return tuple(_door(goods, vendor, country) for country in countries)


def _door(goods: Goods, vendor: VendorView, country: str) -> Door:
    currency = COUNTRY_CURRENCY[country]
    price = pricing.price_in(home=goods.price, own=goods.own_prices, currency=currency)
    if price is None:
        return Door(country, currency, None, None)
    piece = Piece(
        key=(goods.offer_id, goods.version),
        title="",
        price=price.money,
        dispatch_country=vendor.country,
        hs_code=goods.hs_code or None,
        origin_country=goods.origin_country or None,
        weight_g=goods.weight_g,
        hazards=goods.hazards,
        lead_days=goods.lead_time_days,
        is_sent=vendor.sends(country),
        is_answered=previews.is_answered(is_named=goods.is_named, vendor=vendor),
    )
    return Door(
        country, currency, price.money, previews.preview(piece, Destination(country, currency))
    )
