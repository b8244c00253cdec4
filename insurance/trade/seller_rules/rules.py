"""Which rule of a shop covers a parcel; the one for its country speaks before the one for all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import TypeVar

from kernel.money import Money

# Of a rule that counts wherever no other one is.
EVERYWHERE = ""
# What a shop can insure at its own cost. It bears a lost parcel; what arrives broken comes back to
# it by a return, and no page takes a seller's notice of that.
SOLD = frozenset({"TL"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What a rule says.

    Units: least is what the shop gets for the parcel at least; days are whole, both included.
    Shape: country is empty for all; level as quotes call it; active_until None for always.
    """

    country: str
    least: Money
    level: str
    active_from: date
    active_until: date | None = None

    def is_active(self, on: date) -> bool:
        """Whether the rule covers what is bought on a day."""
        return self.active_from <= on and (self.active_until is None or on <= self.active_until)


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """A parcel as a rule looks at it. Units: value is what its shop gets for it."""

    country: str
    value: Money
    on: date


Rule = TypeVar("Rule", bound=Terms)


def matching(rules: Iterable[Rule], sold: Sold) -> Rule | None:
    """Return the rule that covers a parcel, None where none does.

    Where a rule of its own stands for the country it decides alone: a parcel below its value is not
    taken by the one for all. A rule in another currency than the shop is paid in covers nothing.
    """
    active = [rule for rule in rules if rule.is_active(sold.on)]
    own = [rule for rule in active if rule.country == sold.country]
    for rule in own or [rule for rule in active if rule.country == EVERYWHERE]:
        if rule.least.currency == sold.value.currency and sold.value >= rule.least:
            return rule
    return None
