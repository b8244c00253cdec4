"""Premiums of policies before and after another tariff, by lane and level."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

from insurance.offers.quotes.rules import ADDS_NOTHING, Cover, ParcelRisk, levels_by
from insurance.rating.tariff.queries import Refusal, Section, ShopTariff
from kernel.money import Money

# How far back policies are rated again, how many of the most changed and of the refused are named.
DAYS = 30
_MOST_CHANGED = 10
_NAMED = 50


@dataclass(frozen=True, slots=True, kw_only=True)
class Sold:
    """A policy as it was sold. Units: premium with tax; euro_rate in euro per unit."""

    number: str
    cover: Cover
    sections: frozenset[Section]
    premium: Money
    parcel: ParcelRisk
    euro_rate: Fraction

    @property
    def lane(self) -> str:
        """From where to where."""
        return f"{self.parcel.origin_country} → {self.parcel.destination_country}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rated:
    """A policy with what it would cost. Shape: after is None where it is refused, with why."""

    sold: Sold
    after: Money | None
    reason: str = ""

    @property
    def before_eur(self) -> Fraction:
        """What it was sold for, in euro at the rate of its quote."""
        return Fraction(self.sold.premium.amount) * self.sold.euro_rate

    @property
    def after_eur(self) -> Fraction:
        """What it would cost, in euro at the same rate; nothing where it is refused."""
        return Fraction(self.after.amount) * self.sold.euro_rate if self.after else Fraction(0)

    @property
    def change_eur(self) -> Fraction:
        """By how much it would be dearer."""
        return self.after_eur - self.before_eur


def rated(sold: Sold, of: ShopTariff, *, day: date) -> Rated:
    """Return what a policy would cost by a tariff on a day."""
    answer = levels_by(sold.parcel, day, sold.euro_rate, of).get(sold.cover)
    if answer is None:
        return Rated(sold=sold, after=None, reason=ADDS_NOTHING)
    if isinstance(answer, Refusal):
        return Rated(sold=sold, after=None, reason=answer.reason.value)
    parts = [part for part in answer.sections if part.section in sold.sections]
    zero = Money.zero(sold.premium.currency)
    return Rated(sold=sold, after=sum((part.net + part.tax for part in parts), zero))


def compared(policies: Iterable[Sold], of: ShopTariff, *, day: date) -> dict[str, Any]:
    """Return what a tariff would have made of policies, as values to store.

    Units: totals in cents of euro, each policy at the rate of its quote; single policies in minor
    units of their own currency. Shape: what is refused now counts in no sum after.
    """
    every = [rated(sold, of, day=day) for sold in policies]
    kept = [one for one in every if one.after is not None]
    refused = [one for one in every if one.after is None]
    most = sorted(kept, key=lambda one: (-abs(one.change_eur), one.sold.number))
    return {
        "days": DAYS,
        "day": day.isoformat(),
        "total": _sums(every),
        "lanes": _groups([(one.sold.lane, one) for one in every]),
        "levels": _groups([(one.sold.cover.value, one) for one in every]),
        "most": [_named(one) for one in most[:_MOST_CHANGED] if one.change_eur],
        "refused": [_named(one) for one in refused[:_NAMED]],
    }


def _groups(named: Sequence[tuple[str, Rated]]) -> list[dict[str, Any]]:
    by_name: dict[str, list[Rated]] = {}
    for name, one in named:
        by_name.setdefault(name, []).append(one)
    groups = [{"name": name, **_sums(ones)} for name, ones in by_name.items()]
    return sorted(groups, key=lambda group: (-group["count"], group["name"]))


def _sums(ones: Sequence[Rated]) -> dict[str, int]:
    return {
        "count": len(ones),
        "refused": sum(one.after is None for one in ones),
        "before": _cents(sum((one.before_eur for one in ones), Fraction(0))),
        "after": _cents(sum((one.after_eur for one in ones), Fraction(0))),
    }


def _cents(euro: Fraction) -> int:
    return Money.rounded(euro, "EUR").minor


def _named(one: Rated) -> dict[str, Any]:
    return {
        "number": one.sold.number,
        "lane": one.sold.lane,
        "level": one.sold.cover.value,
        "currency": one.sold.premium.currency,
        "before": one.sold.premium.minor,
        "after": one.after.minor if one.after else None,
        "reason": one.reason,
    }
