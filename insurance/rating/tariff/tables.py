"""A tariff as data: read once, frozen, every factor an exact fraction or a verdict."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from fractions import Fraction
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from insurance.rating.tariff.facts import Product, Risk, Section

FOLDER = Path(__file__).parent / "data"
ANY = "any"


class Verdict(StrEnum):
    """A table cell without a price: the gate answers instead."""

    REFER = "refer"
    DECLINE = "decline"


Cell = Fraction | Verdict
Table = Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRow:
    """A premium tax: country × section × route × kind, from a day on. Units: per cent."""

    country: str
    section: Section
    route: str
    kind: str
    rate_pct: Fraction
    valid_from: date
    basis: str = ""

    def fits(self, risk: Risk, section: Section) -> bool:
        """Whether the row speaks about this section of this risk on its day."""
        route = "domestic" if risk.is_domestic else "cross_border"
        kind = "business" if risk.is_business else "consumer"
        return (
            self.country == risk.country
            and self.section is section
            and self.route in {ANY, route}
            and self.kind in {ANY, kind}
            and self.valid_from <= risk.bound_on
        )

    @property
    def rank(self) -> tuple[date, int]:
        """Later rows win; of one day the more exact one."""
        return self.valid_from, (self.route != ANY) + (self.kind != ANY)


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryBand:
    """A factor for loss ratios up to a limit. Units: per cent; None is without limit."""

    up_to_pct: Fraction | None
    is_limit_inside: bool
    factor: Fraction
    is_referred: bool

    def holds(self, ratio_pct: Fraction) -> bool:
        """Whether the ratio lies below the band's upper edge."""
        if self.up_to_pct is None:
            return True
        return ratio_pct < self.up_to_pct or (self.is_limit_inside and ratio_pct == self.up_to_pct)


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """Limits of what is sold without a human. Units: euro; listing in per cent."""

    parcel: Mapping[str, Fraction]
    cargo: Fraction
    accumulation: Fraction
    value_over_listing_pct: Fraction


@dataclass(frozen=True, slots=True, kw_only=True)
class Tariff:
    """One published version.

    Shape: tables are keyed as in the data file, by product where products differ.
    """

    version: str
    valid_from: date
    valid_to: date | None
    base_pct: Mapping[str, Table]
    mode: Mapping[str, Table]
    geo: Mapping[str, Table]
    deductible: Mapping[str, Table]
    goods: Table
    packing: Table
    signature: Table
    history_from: int
    history_bands: tuple[HistoryBand, ...]
    regional_countries: frozenset[str]
    additional_pct: Table
    war_pct: Table
    strikes_pct: Fraction
    discount_max_pct: Fraction
    uplift_pct: Fraction
    uplift_max_pct: Fraction
    delay_loading: Fraction
    delay_pct: Mapping[str, Table]
    delay_minimum: Table
    minimum: Mapping[str, Table]
    commission_pct: Fraction
    withdrawal_days: int
    fragile_deductible_pct: Fraction
    authority: Authority
    tax_rows: tuple[TaxRow, ...]
    tax_places: Mapping[tuple[str, Section], tuple[TaxRow, ...]]

    def tax_row(self, risk: Risk, section: Section) -> TaxRow | None:
        """Return the row in force for a section on the day of binding; None when not offered."""
        here = self.tax_places.get((risk.country, section), ())
        fitting = [row for row in here if row.fits(risk, section)]
        # Of equals the row added last wins: a correction stands behind what it corrects.
        return max(reversed(fitting), key=lambda row: row.rank, default=None)

    def with_tax_rows(self, rows: Sequence[TaxRow]) -> Tariff:
        """Return the tariff with further premium-tax rows."""
        every = (*self.tax_rows, *rows)
        return replace(self, tax_rows=every, tax_places=_by_place(every))

    def band(self, risk: Risk) -> HistoryBand | None:
        """Return the history band that counts for the risk, None below the number of policies."""
        history = risk.history
        if history is None or history.policies < self.history_from:
            return None
        return next(band for band in self.history_bands if band.holds(history.loss_ratio_pct))


def _by_place(rows: Sequence[TaxRow]) -> Mapping[tuple[str, Section], tuple[TaxRow, ...]]:
    """Return the rows of each country and section in their order; a quote asks six times."""
    by_place: dict[tuple[str, Section], tuple[TaxRow, ...]] = {}
    for row in rows:
        by_place[row.country, row.section] = (*by_place.get((row.country, row.section), ()), row)
    return MappingProxyType(by_place)


def _cell(text: str) -> Cell:
    return Verdict(text) if text in set(Verdict) else Fraction(text)


def _table(raw: Mapping[str, str]) -> Table:
    return MappingProxyType({key: _cell(text) for key, text in raw.items()})


def _tables(raw: Mapping[str, Mapping[str, str]]) -> Mapping[str, Table]:
    return MappingProxyType({key: _table(inner) for key, inner in raw.items()})


def tax_row(raw: Mapping[str, Any]) -> TaxRow:
    """Return a premium-tax row of the data file's shape. Raises: KeyError, ValueError."""
    return TaxRow(
        country=raw["country"],
        section=Section(raw["section"]),
        route=raw["route"],
        kind=raw["kind"],
        rate_pct=Fraction(raw["rate_pct"]),
        valid_from=date.fromisoformat(raw["valid_from"]),
        basis=raw.get("basis", ""),
    )


def _band(raw: Mapping[str, Any]) -> HistoryBand:
    limit = raw["up_to_pct"]
    return HistoryBand(
        up_to_pct=None if limit is None else Fraction(limit),
        is_limit_inside=raw["limit_inside"],
        factor=Fraction(raw["factor"]),
        is_referred=raw.get("gate") == Verdict.REFER,
    )


def _authority(raw: Mapping[str, Any]) -> Authority:
    return Authority(
        parcel=MappingProxyType({k: Fraction(v) for k, v in raw["parcel_eur"].items()}),
        cargo=Fraction(raw["cargo_eur"]),
        accumulation=Fraction(raw["accumulation_eur"]),
        value_over_listing_pct=Fraction(raw["value_over_listing_pct"]),
    )


def read(raw: Mapping[str, Any]) -> Tariff:
    """Return the tariff a data file holds. Raises: KeyError, ValueError when it is not whole."""
    factors, delay, end = raw["factors"], raw["delay"], raw["valid_to"]
    tax_rows = tuple(tax_row(row) for row in raw["premium_tax"])
    return Tariff(
        version=raw["tariff_version"],
        valid_from=date.fromisoformat(raw["valid_from"]),
        valid_to=None if end is None else date.fromisoformat(end),
        base_pct=_tables(raw["base_pct"]),
        mode=_tables(factors["mode"]),
        geo=_tables(factors["geo"]),
        deductible=_tables(factors["deductible"]),
        goods=_table(factors["goods"]),
        packing=_table(factors["packing"]),
        signature=_table(factors["signature"]),
        history_from=raw["history"]["min_policies"],
        history_bands=tuple(_band(band) for band in raw["history"]["bands"]),
        regional_countries=frozenset(raw["regional_countries"]),
        additional_pct=_table(raw["additional_pct"]),
        war_pct=_table(raw["war_strikes_pct"]),
        strikes_pct=Fraction(raw["strikes_only_pct"]),
        discount_max_pct=Fraction(raw["open_cover_discount_max_pct"]),
        uplift_pct=Fraction(raw["uplift_pct"]["default"]),
        uplift_max_pct=Fraction(raw["uplift_pct"]["max"]),
        delay_loading=Fraction(delay["loading"]),
        delay_pct=_tables(delay["probability_pct"]),
        delay_minimum=_table(delay["minimum"]),
        minimum=_tables(raw["minimum_net"]),
        commission_pct=Fraction(raw["commission_pct"]),
        withdrawal_days=raw["withdrawal_days"],
        fragile_deductible_pct=Fraction(raw["fragile_damage_deductible_pct"]),
        authority=_authority(raw["authority"]),
        tax_rows=tax_rows,
        tax_places=_by_place(tax_rows),
    )


@cache
def published() -> tuple[Tariff, ...]:
    """Return every tariff of the house, oldest first."""
    files = sorted(FOLDER.glob("pcr_*.json"))
    tariffs = [read(json.loads(path.read_text(encoding="utf-8"))) for path in files]
    return tuple(sorted(tariffs, key=lambda tariff: tariff.valid_from))


def tariff_on(day: date) -> Tariff:
    """Return the tariff in force on a day.

    Raises: LookupError before the first and after the last.
    """
    for tariff in reversed(published()):
        if tariff.valid_from <= day and (tariff.valid_to is None or day <= tariff.valid_to):
            return tariff
    raise LookupError(f"no tariff in force on {day}")


def factor(table: Table, key: str) -> Fraction:
    """Return a factor; a cell without a price is neutral, because the gate has answered for it."""
    cell = table[key]
    return Fraction(1) if isinstance(cell, Verdict) else cell


def points(table: Table, key: str) -> Fraction:
    """Return points to add; a cell without a price adds nothing."""
    cell = table[key]
    return Fraction(0) if isinstance(cell, Verdict) else cell


def of_product(tables: Mapping[str, Table], product: Product) -> Table:
    """Return the table of a product."""
    return tables[product.value]
