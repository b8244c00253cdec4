"""By which rules a premium is taxed, and what a quote keeps of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from insurance.offers.quotes import rules
from insurance.offers.quotes.insurers import sellers_of
from insurance.offers.quotes.models import Quote
from insurance.offers.quotes.rules import Cover, ParcelRisk
from insurance.rating.tariff.queries import Section
from kernel import dated
from kernel.db import session

# How a row of a tariff begins its basis while the rate waits for a word of the tax office.
_UNCONFIRMED = "to be confirmed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PremiumTax:
    """What a country calls its tax on premiums. Shape: name and law in its own language."""

    country: str
    valid_from: date
    name: str
    language: str
    law: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TaxRule:
    """By which rule a premium was taxed. Shape: basis is the law it stands on, empty if unsaid."""

    rule: str
    basis: str

    @property
    def is_confirmed(self) -> bool:
        """Whether the rate stands on a source, and on no caution of ours."""
        return not self.basis.startswith(_UNCONFIRMED)

    @property
    def country(self) -> str:
        """The country whose tax it is."""
        return self.rule.split("-")[0]


@cache
def _premium_taxes() -> tuple[PremiumTax, ...]:
    return dated.read(Path(__file__).parent / "data" / "premium_taxes.json", PremiumTax)


def premium_tax(*, country: str, on: date) -> PremiumTax | None:
    """Return what a country calls its tax on premiums on a day, None where we do not know."""
    rows = [row for row in _premium_taxes() if row.country == country and row.valid_from <= on]
    return dated.in_force(rows, on) if rows else None


def tax_rules_on(parcel: ParcelRisk, day: date) -> dict[str, dict[str, str]]:
    """Return the rule that taxes each section of a parcel on a day, as values to store.

    A premium is taxed alike at every level, whoever insures it.
    """
    of = sellers_of(country=parcel.policyholder_country, day=day)[Cover.PLUS].of
    found = {}
    for section in Section:
        row = of.tax_row(rules.risk_of(parcel, Cover.PLUS, day, of), section)
        name = rules.tax_rule(parcel, Cover.PLUS, section, day, of)
        if row is not None and name is not None:
            found[section.value] = {"rule": name, "basis": row.basis}
    return found


def tax_rules_kept(*, quote_id: UUID) -> Mapping[Section, TaxRule]:
    """Return the tax rules that a quote of the bank was priced by, none for a cart's."""
    query = select(Quote.tax_rules).where(Quote.id == quote_id)
    kept = session().execute(query).scalar_one_or_none() or {}
    return {Section(name): TaxRule(**raw) for name, raw in kept.items()}
