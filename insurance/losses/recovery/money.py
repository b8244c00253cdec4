"""Limits in special drawing rights as amounts of a case's currency."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

from insurance.offers.quotes.queries import euro_rate_of
from kernel.money import Money


def about_in(currency: str, euro: Money) -> Money | None:
    """Return about as much in another currency, None where the bank quotes none."""
    rate = euro_rate_of(currency)
    return None if rate is None else Money.rounded(Fraction(euro.amount) / rate, currency)


def sdr_stored(sdr: Fraction) -> Decimal:
    """Return special drawing rights as they are stored."""
    return Decimal(sdr.numerator) / Decimal(sdr.denominator)
