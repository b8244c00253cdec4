"""What the house sells beside the published tariff: parcels in more currencies and countries.

The rows stand apart from the tariff's own file, because `entrepot insurance-rate` answers for the
published tariff alone: a currency or country that it does not know stays declined there.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from datetime import date
from fractions import Fraction
from functools import cache, lru_cache
from types import MappingProxyType
from typing import Any

from insurance.rating.tariff import rules
from insurance.rating.tariff.facts import Endorsement, Product, Refusal, Risk
from insurance.rating.tariff.tables import FOLDER, Tariff, TaxRow, published, tariff_on, tax_row
from kernel import countries, currencies
from kernel.memory import Memory
from kernel.registry import Registry


@dataclass(frozen=True, slots=True, kw_only=True)
class MinimumRow:
    """The least net premium of a parcel in a currency, from a day on. Units: major units."""

    currency: str
    amount: Fraction
    valid_from: date


class ShopTariff(Tariff):
    """What the shop sells by; it says as well what a change of a concluded cover costs.

    It is equal to itself alone: what is remembered of a price is remembered of this tariff.
    """

    __slots__ = ()

    __hash__ = object.__hash__

    def __eq__(self, other: object) -> bool:
        """Whether it is this very tariff."""
        return self is other

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


@dataclass(frozen=True, slots=True, kw_only=True)
class Publications:
    """How to read what people published beside the packaged tariff.

    Shape: on answers for an insurer and a day with its tariff, None where the packaged one holds,
    and whether that is settled for good; called answers for a version, None where there is none of
    that name.
    """

    on: Callable[[str, date], tuple[Tariff | None, bool]]
    called: Callable[[str], Tariff | None]


def _nothing_on(insurer_key: str, day: date) -> tuple[Tariff | None, bool]:
    del insurer_key, day
    return None, False


def _nothing_called(version: str) -> Tariff | None:
    del version
    return None


_NOTHING = Publications(on=_nothing_on, called=_nothing_called)
_read: list[Publications] = [_NOTHING]
# What holds on a day that has begun is never published again, so no process has to be told.
_sold: Memory[tuple[str, date], ShopTariff] = Memory(seconds=3600, most=512)


def read_publications(publications: Publications) -> None:
    """Let a process know what is published; the room that keeps it says how."""
    _read[:] = [publications]


def shop_tariff_on(day: date, *, insurer_key: str) -> ShopTariff:
    """Return an insurer's tariff of a day with the house's rows; what it publishes goes first.

    Settled days are remembered, so a price asks the database for nothing.
    Raises: LookupError before the first tariff and after the last.
    """
    known = _sold.get((insurer_key, day))
    if known is not None:
        return known
    of, is_settled = _read[0].on(insurer_key, day)
    sold = _packaged_on(day) if of is None else with_house_rows(of, day)
    if is_settled:
        _sold.keep({(insurer_key, day): sold})
    return sold


def packaged_document() -> dict[str, Any]:
    """Return the latest packaged tariff as its file says it."""
    files = [json.loads(path.read_text(encoding="utf-8")) for path in FOLDER.glob("pcr_*.json")]
    found: dict[str, Any] = max(files, key=lambda document: document["valid_from"])
    return found


def shop_tariff_called(version: str) -> Tariff:
    """Return a tariff by its version, without the house's rows. Raises: LookupError."""
    packaged = (one for one in published() if one.version == version)
    of = next(packaged, None) or _read[0].called(version)
    if of is None:
        raise LookupError(version)
    return of


@lru_cache(maxsize=512)
def _packaged_on(day: date) -> ShopTariff:
    return with_house_rows(tariff_on(day), day)


def with_house_rows(of: Tariff, day: date) -> ShopTariff:
    """Return a tariff with the house's rows of a day; where both speak, the tariff's own hold."""
    own = of.minimum[Product.PARCEL]
    parcel = {r.currency: r.amount for r in minimum_rows() if r.valid_from <= day} | dict(own)
    known = {(row.country, row.section) for row in of.tax_rows}
    added = [row for row in house_tax_rows() if (row.country, row.section) not in known]
    minimum = dict(of.minimum) | {Product.PARCEL.value: MappingProxyType(parcel)}
    sold = replace(of, minimum=MappingProxyType(minimum)).with_tax_rows(added)
    return ShopTariff(**{part.name: getattr(sold, part.name) for part in fields(sold)})
