"""Prices as cards show them, between the currency of a country and the one that a shopper reads.

Search keeps what goods come to at each door in the currency of its country. A card turns that
figure for whom reads another currency, and here the bounds that such a shopper types are turned
back, so that exactly those goods pass whose cards show a price within them.
"""

from __future__ import annotations

from fractions import Fraction

from kernel.money import Money, exponent
from kernel.web import Preferences
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.landed.pricing import queries as pricing
from marketplace.shop.storefront import rules

Bounds = tuple[int | None, int | None]
_DEARER_THAN_ALL = 2**62


def shown(minor: int | None, prefs: Preferences) -> Money | None:
    """Return what a card shows for a figure at the shopper's door, None without a rate."""
    if minor is None:
        return None
    return pricing.turned(Money(minor, COUNTRY_CURRENCY[prefs.country]), prefs.currency)


def bounds(low: int | None, high: int | None, prefs: Preferences) -> Bounds:
    """Return typed bounds as bounds on figures at the shopper's door.

    Units: minor units of the shopper's currency, then of the country's. Without a rate cards show
    no price, so nothing lies within a bound.
    """
    at_door = COUNTRY_CURRENCY[prefs.country]
    if (low, high) == (None, None) or at_door == prefs.currency:
        return low, high
    rate = pricing.rate(at_door, prefs.currency)
    if rate is None:
        return _DEARER_THAN_ALL, None
    ratio = rate.ratio * Fraction(10) ** (exponent(prefs.currency) - exponent(at_door))
    return (
        None if low is None else rules.least_turning_to(low, ratio),
        None if high is None else rules.most_turning_to(high, ratio),
    )
