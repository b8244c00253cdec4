"""What a risk costs that the gate refers to a human: the engine's price as if it had passed.

The engine is asked again and again, each time without the limit that it named. What it declines,
and what its tables hold no price for, stays without one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from fractions import Fraction

from insurance.offers.quotes import rules
from insurance.offers.quotes.insurers import sellers_of
from insurance.offers.quotes.rules import Cover, ParcelRisk
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import (
    Premium,
    Reason,
    Refusal,
    Risk,
    ShopTariff,
    Tariff,
)

# More than anything is worth, in any unit of a limit.
_ENDLESS = Fraction(10**18)

_Lift = Callable[[Risk, Tariff], tuple[Risk, Tariff]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lifted:
    """A price as if the gate had let a risk through.

    Shape: reasons are what had to be lifted; of a refusal the last one is why there is no price.
    """

    answer: Premium | Refusal
    reasons: tuple[Reason, ...]


def _without_limits(risk: Risk, of: Tariff) -> tuple[Risk, Tariff]:
    return risk, replace(
        of,
        authority=replace(of.authority, parcel={"otherwise": _ENDLESS}, cargo=_ENDLESS),
    )


def _with_any_neighbours(risk: Risk, of: Tariff) -> tuple[Risk, Tariff]:
    return replace(risk, accumulation_eur=Fraction(0)), of


def _with_any_uplift(risk: Risk, of: Tariff) -> tuple[Risk, Tariff]:
    return risk, replace(of, uplift_max_pct=_ENDLESS)


def _with_any_value(risk: Risk, of: Tariff) -> tuple[Risk, Tariff]:
    return risk, replace(of, authority=replace(of.authority, value_over_listing_pct=_ENDLESS))


def _as_if_it_kept(risk: Risk, of: Tariff) -> tuple[Risk, Tariff]:
    return replace(risk, is_perishable=False), of


def _with_any_ratio(risk: Risk, of: Tariff) -> tuple[Risk, Tariff]:
    # The factor of the band stays: only its referral goes.
    bands = tuple(replace(band, is_referred=False) for band in of.history_bands)
    return risk, replace(of, history_bands=bands)


def _before_departure(risk: Risk, of: Tariff) -> tuple[Risk, Tariff]:
    return replace(risk, has_departed=False), of


_LIFTS: Mapping[Reason, _Lift] = {
    Reason.SI_OVER_AUTHORITY: _without_limits,
    Reason.ACCUMULATION: _with_any_neighbours,
    Reason.UPLIFT_OVER_LIMIT: _with_any_uplift,
    Reason.OVER_VALUE: _with_any_value,
    Reason.PERISHABLE: _as_if_it_kept,
    Reason.LOSS_RATIO: _with_any_ratio,
    Reason.LATE_ENTRY: _before_departure,
}


def lift(
    risk: Risk, of: Tariff, *, euro_rate: Fraction | None, surcharge_pct: Fraction = Fraction(0)
) -> Lifted:
    """Return the price of a referred risk with all that had to be lifted, or why it has none.

    A surcharge is on the rate of goods, way and level; war keeps its table, and the least premium
    stays the least. Units: surcharge in per cent of the rate.
    """
    asked, reasons = _surcharged(risk, surcharge_pct), list[Reason]()
    while True:
        answer = tariff.rate(risk=asked, tariff=of, euro_rate=euro_rate)
        if not isinstance(answer, Refusal):
            return Lifted(answer=answer, reasons=tuple(reasons))
        reasons.append(answer.reason)
        if answer.reason not in _LIFTS:
            return Lifted(answer=answer, reasons=tuple(reasons))
        asked, of = _LIFTS[answer.reason](asked, of)


def _surcharged(risk: Risk, surcharge_pct: Fraction) -> Risk:
    """Return a risk whose discount takes the surcharge in: both are factors of the same rate."""
    kept = (100 - risk.discount_pct) * (100 + surcharge_pct) / 100
    return replace(risk, discount_pct=100 - kept)


@dataclass(frozen=True, slots=True, kw_only=True)
class LiftedLevels:
    """Every level of a referred parcel. Shape: reasons are of all levels, in the gate's order."""

    answers: Mapping[Cover, Premium | Refusal]
    reasons: tuple[Reason, ...]


def lifted_levels(
    parcel: ParcelRisk, day: date, euro_rate: Fraction | None, *, surcharge_pct: Fraction
) -> LiftedLevels:
    """Return the price of every level of a referred parcel, with what had to be lifted."""
    found: set[Reason] = set()

    def rate(risk: Risk, of: ShopTariff) -> Premium | Refusal:
        lifted = lift(risk, of, euro_rate=euro_rate, surcharge_pct=surcharge_pct)
        found.update(lifted.reasons)
        return lifted.answer

    sellers = sellers_of(country=parcel.policyholder_country, day=day)
    sold = {cover: one.of for cover, one in sellers.items()}
    levels = {
        of: rules.levels_by(parcel, day, euro_rate, of, rate=rate) for of in set(sold.values())
    }
    answers = {cover: levels[of][cover] for cover, of in sold.items() if cover in levels[of]}
    return LiftedLevels(
        answers=answers, reasons=tuple(reason for reason in Reason if reason in found)
    )
