"""Which insurer sells a level of cover to whom, and by which of its tariffs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from insurance.money.books import service as books
from insurance.money.books.service import Insurer
from insurance.offers.quotes.rules import Cover
from insurance.rating.tariff.queries import Product, ShopTariff, shop_tariff_on


@dataclass(frozen=True, slots=True)
class Seller:
    """Who takes a risk on a day, and by which tariff."""

    insurer: Insurer
    of: ShopTariff

    @property
    def terms(self) -> tuple[str, str]:
        """What a price stands on: other terms are another price."""
        return self.insurer.key, self.of.version


def insurers_in(*, country: str, day: date) -> tuple[Insurer, ...]:
    """Return who insures parcels of policyholders in a country, each once, narrowest level first.

    Raises: LookupError.
    """
    found = [
        books.insurer_for(country=country, product=Product.PARCEL, level=cover.value, day=day)
        for cover in Cover
    ]
    return tuple(dict.fromkeys(found))


def sellers_of(*, country: str, day: date) -> Mapping[Cover, Seller]:
    """Return who insures a parcel of a policyholder at each level. Raises: LookupError."""
    chosen = {
        cover: books.insurer_for(
            country=country, product=Product.PARCEL, level=cover.value, day=day
        )
        for cover in Cover
    }
    return {
        cover: Seller(one, shop_tariff_on(day, insurer_key=one.key))
        for cover, one in chosen.items()
    }
