"""What the house sells beside the published tariff: parcels in more currencies and countries.

The rows stand apart from the tariff's own file, because `entrepot insurance-rate` answers for the
published tariff alone: a currency or country that it does not know stays declined there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from insurance.rating.tariff import rules
from insurance.rating.tariff.facts import Endorsement, Product, Refusal, Risk
from insurance.rating.tariff.tables import Tariff, TaxRow, tariff_on, tax_row
from kernel import countries, currencies
from kernel.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumRow:
    """The least net premium of a parcel in a currency, from a day on. Units: major units."""

    currency: str
    amount: Fraction
    valid_from: date


class ShopTariff(Tariff):
    """What the shop sells by; it says as well what a change of a concluded cover costs."""

    __slots__ = ()

    def endorse(
        self, *, policy: Risk, changed: Risk, euro_rate: Fraction | None
    ) -> Endorsement | Refusal:
        """Return the price of a change before attachment, or why it is not insured.

        Units: euro_rate in euro per unit of the risk's currency.
        """
        return rules.endorse(policy=policy, changed=changed, tariff=self, euro_rate=euro_rate)


@cache
def minimum_rows() -> tuple[MinimumRow, ...]:
    """Return every minimum premium that the house decided, oldest first."""
    rows = [
        MinimumRow(
            currency=code,
            amount=Fraction(row["amount"]),
            valid_from=date.fromisoformat(row["valid_from"]),
        )
        for code, decided in currencies.part("cover").items()
        for row in decided
    ]
    return tuple(sorted(rows, key=lambda row: row.valid_from))


@cache
def house_tax_rows() -> tuple[TaxRow, ...]:
    """Return every premium-tax row that the house decided; each row knows its first day."""
    return tax_rows(countries.HOUSE)


def tax_rows(registry: Registry) -> tuple[TaxRow, ...]:
    """Return the premium-tax rows of all countries. Raises: BadPart."""
    return tuple(row for rows in registry.each("cover", _tax_rows).values() for row in rows)


def _tax_rows(country: str, told: Sequence[Mapping[str, Any]]) -> list[TaxRow]:
    return [tax_row({"country": country, **row}) for row in told]


@lru_cache(maxsize=512)
def shop_tariff_on(day: date) -> ShopTariff:
    """Return the tariff in force on a day with the house's rows; what it publishes goes first.

    Raises: LookupError before the first tariff and after the last.
    """
    of = tariff_on(day)
    published = of.minimum[Product.PARCEL]
    parcel = {r.currency: r.amount for r in minimum_rows() if r.valid_from <= day} | dict(published)
    known = {(row.country, row.section) for row in of.tax_rows}
    added = [row for row in house_tax_rows() if (row.country, row.section) not in known]
    minimum = dict(of.minimum) | {Product.PARCEL.value: MappingProxyType(parcel)}
    sold = replace(of, minimum=MappingProxyType(minimum)).with_tax_rows(added)
    return ShopTariff(**{part.name: getattr(sold, part.name) for part in fields(sold)})
