"""What a premium and its return are made of; both books are written from these parts."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from kernel.money import Money

_INSURERS = Path(__file__).parent / "data" / "insurers.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Insurer:
    """The legal entity that carries the risk; never the platform. Shape: licence is its number."""

    key: str
    name: str
    seat: str
    country: str
    licence: str
    valid_from: date


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
def insurers() -> tuple[Insurer, ...]:
    """Return every insurer on risk, oldest first."""
    rows = json.loads(_INSURERS.read_text(encoding="utf-8"))
    companies = [
        Insurer(**row | {"valid_from": date.fromisoformat(row["valid_from"])}) for row in rows
    ]
    return tuple(sorted(companies, key=lambda insurer: insurer.valid_from))


def insurer_on(day: date) -> Insurer:
    """Return the insurer that takes new risks on a day. Raises: LookupError before the first."""
    for insurer in reversed(insurers()):
        if insurer.valid_from <= day:
            return insurer
    raise LookupError(f"no insurer on {day}")


def insurer(key: str) -> Insurer:
    """Return an insurer by key. Raises: KeyError."""
    return {company.key: company for company in insurers()}[key]
