"""Who carries a risk, and what a premium is made of; both books are written from these parts."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from kernel.money import Money

_DATA = Path(__file__).parent / "data" / "insurers.json"
_ANY = "any"


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurer:
    """The legal entity that carries the risk; never the platform.

    Units: claims_authority_eur in euro, the most that the platform pays of a claim in its name
    without a person. Shape: licence is its number; valid_from is the first day of its licence. Its
    tariff is the packaged one, until it publishes one of its own.
    """

    key: str
    name: str
    seat: str
    country: str
    licence: str
    claims_authority_eur: Fraction
    valid_from: date


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Which insurer takes which risks. Shape: any stands for every; valid_until None is open."""

    country: str
    product: str
    level: str
    insurer: str
    valid_from: date
    valid_until: date | None

    def fits(self, *, country: str, product: str, level: str, day: date) -> bool:
        """Whether the rule speaks of a risk on a day."""
        return (
            self.country in {_ANY, country}
            and self.product in {_ANY, product}
            and self.level in {_ANY, level}
            and self.valid_from <= day
            and (self.valid_until is None or day <= self.valid_until)
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Split:
    """A premium by owner: the insurer's share, the agent's commission, the state's tax.

    Shape: country is where the tax is due. A return premium has the same shape.
    """

    net: Money
    commission: Money
    tax: Money
    country: str

    @property
    def insurers_share(self) -> Money:
        """What is due to the insurer."""
        return self.net - self.commission

    @property
    def turned(self) -> Split:
        """The same the other way round."""
        return Split(
            net=-self.net, commission=-self.commission, tax=-self.tax, country=self.country
        )

    @property
    def gross(self) -> Money:
        """What the policyholder pays."""
        return self.net + self.tax


@cache
def _data() -> dict[str, list[dict[str, Any]]]:
    found: dict[str, list[dict[str, Any]]] = json.loads(_DATA.read_text(encoding="utf-8"))
    return found


@cache
def insurers() -> tuple[Insurer, ...]:
    """Return every insurer on risk, oldest first."""
    companies = [
        Insurer(
            **row
            | {
                "claims_authority_eur": Fraction(row["claims_authority_eur"]),
                "valid_from": date.fromisoformat(row["valid_from"]),
            }
        )
        for row in _data()["insurers"]
    ]
    return tuple(sorted(companies, key=lambda insurer: insurer.valid_from))


@cache
def selling_rules() -> tuple[Rule, ...]:
    """Return the rules by which an insurer is chosen, in the order in which they are asked."""
    return tuple(
        Rule(
            **row
            | {
                "valid_from": date.fromisoformat(row["valid_from"]),
                "valid_until": row["valid_until"] and date.fromisoformat(row["valid_until"]),
            }
        )
        for row in _data()["rules"]
    )


def chosen(rules: Sequence[Rule], *, country: str, product: str, level: str, day: date) -> str:
    """Return the key of the insurer of a risk: that of the first rule that fits.

    Shape: country is the policyholder's. Raises: LookupError where nobody takes it.
    """
    for rule in rules:
        if rule.fits(country=country, product=product, level=level, day=day):
            return rule.insurer
    raise LookupError(f"no insurer for {product} {level} of {country} on {day}")


def insurer_for(*, country: str, product: str, level: str, day: date) -> Insurer:
    """Return the insurer that takes a new risk of a policyholder on a day. Raises: LookupError."""
    key = chosen(selling_rules(), country=country, product=product, level=level, day=day)
    return insurer(key)


def first_insurer() -> Insurer:
    """Return who insured alone before rules chose: prices of then name nobody."""
    return insurers()[0]


def insurer(key: str) -> Insurer:
    """Return an insurer by key. Raises: KeyError."""
    return _by_key()[key]


@cache
def _by_key() -> dict[str, Insurer]:
    return {company.key: company for company in insurers()}
