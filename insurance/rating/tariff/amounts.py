"""Exact numbers as text: fractions in, all digits out, no binary floating point on the way."""

from __future__ import annotations

import re
from fractions import Fraction

from kernel.money import Money

_PLAIN = re.compile(r"\d{1,30}(\.\d{1,30})?", re.ASCII)
HUNDRED = Fraction(100)


def exact(text: object) -> Fraction:
    """Return the number a plain decimal string writes.

    Raises: ValueError for anything but digits with at most one point: signs, exponents, floats.
    """
    if not isinstance(text, str) or not _PLAIN.fullmatch(text):
        raise ValueError(f"not a plain decimal string: {text!r}")
    return Fraction(text)


def digits(value: Fraction) -> str:
    """Return every digit of a terminating fraction, without trailing zeros.

    Raises: ValueError when the expansion does not end.
    """
    places, scaled = 0, value
    while scaled.denominator != 1:
        if scaled.denominator % 2 and scaled.denominator % 5:
            raise ValueError(f"{value} does not end")
        places, scaled = places + 1, scaled * 10
    sign, magnitude = ("-" if scaled < 0 else ""), abs(scaled.numerator)
    if not places:
        return f"{sign}{magnitude}"
    padded = str(magnitude).rjust(places + 1, "0")
    return f"{sign}{padded[:-places]}.{padded[-places:]}"


def whole(money: Money) -> str:
    """Return an amount of whole units without its empty minor digits.

    Raises: AssertionError when there is a fraction of a unit.
    """
    amount = Fraction(money.amount)
    assert amount.denominator == 1, "cargo sums insured are whole units"
    return str(amount.numerator)


def percent(pct: Fraction) -> Fraction:
    """Return a rate in per cent as a factor."""
    return pct / HUNDRED
