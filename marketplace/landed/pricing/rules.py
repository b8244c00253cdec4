"""From a vendor's price to the price a buyer is shown: one conversion, one rounding, no secrets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from fractions import Fraction

from kernel.money import Money, exponent, half_up


class Origin(StrEnum):
    """Where a shown price comes from."""

    VENDOR = "vendor"
    CONVERTED = "converted"


@dataclass(frozen=True, slots=True)
class Step:
    """How converted prices of a currency look from an amount on.

    A price becomes the nearest multiple of `step_minor`, less `less_minor`: step 100 less 1 gives
    prices that end in .99. Units: minor units.
    """

    from_minor: int
    step_minor: int
    less_minor: int


@dataclass(frozen=True, slots=True)
class Provenance:
    """Why a price is what it is: typed by the vendor, or converted at a rate of a day.

    Units: ratio is units of the shown currency per unit of the vendor's, None when typed.
    """

    origin: Origin
    vendor_price: Money
    ratio: Fraction | None = None
    source: str = ""
    rate_on: date | None = None
    step: Step | None = None


@dataclass(frozen=True, slots=True)
class DisplayedPrice:
    """The price of one piece as it is shown and charged."""

    money: Money
    provenance: Provenance

    @property
    def is_converted(self) -> bool:
        """Whether a rate stands between the vendor's price and this one."""
        return self.provenance.origin is Origin.CONVERTED


@dataclass(frozen=True, slots=True)
class UsableRate:
    """A stored rate. Units: ratio is units of the shown currency per unit of the vendor's."""

    ratio: Fraction
    source: str
    rate_on: date


def displayed_price(
    *,
    home: Money,
    own: Mapping[str, int],
    currency: str,
    rate: UsableRate | None,
    steps: Sequence[Step],
) -> DisplayedPrice | None:
    """Return the price in the buyer's currency, None when there is no rate to reach it.

    The vendor's own price for the currency wins; it is never rounded. Nothing is ever shown
    unconverted. Shape: own maps currency to minor units; steps sorted by from_minor.
    """
    if currency == home.currency:
        return DisplayedPrice(home, Provenance(Origin.VENDOR, home))
    if currency in own:
        typed = Money(own[currency], currency)
        return DisplayedPrice(typed, Provenance(Origin.VENDOR, typed))
    if rate is None:
        return None
    exact = _minor(home, currency, rate.ratio)
    step = step_for(exact, steps)
    money = Money(charmed(exact, step), currency)
    return DisplayedPrice(
        money, Provenance(Origin.CONVERTED, home, rate.ratio, rate.source, rate.rate_on, step)
    )


def euro_minor(home: Money, own: Mapping[str, int], rate: UsableRate | None) -> int | None:
    """Return the price in euro cents that sorting and filters go by, None without a rate.

    It is the exact conversion without charm rounding, so that two currencies sort alike.
    """
    if home.currency == "EUR":
        return home.minor
    if "EUR" in own:
        return own["EUR"]
    return half_up(_minor(home, "EUR", rate.ratio)) if rate is not None else None


def step_for(exact_minor: Fraction, steps: Sequence[Step]) -> Step | None:
    """Return the step that applies to an amount, None when the currency has none there."""
    chosen = None
    whole = exact_minor.numerator // exact_minor.denominator
    for step in steps:
        if step.from_minor <= whole:
            chosen = step
    return chosen


def charmed(exact_minor: Fraction, step: Step | None) -> int:
    """Return the rounded price; never below one minor unit.

    Units: minor units.
    """
    if step is None:
        return max(1, half_up(exact_minor))
    numerator, denominator = exact_minor.as_integer_ratio()
    nearest = Fraction(numerator + step.less_minor * denominator, denominator * step.step_minor)
    multiples = half_up(nearest)
    rounded = multiples * step.step_minor - step.less_minor
    return rounded if rounded > 0 else max(1, half_up(exact_minor))


def _minor(home: Money, currency: str, ratio: Fraction) -> Fraction:
    return Fraction(
        home.minor * ratio.numerator * 10 ** exponent(currency),
        ratio.denominator * 10 ** exponent(home.currency),
    )
