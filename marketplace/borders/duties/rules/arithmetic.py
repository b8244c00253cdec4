"""Exact arithmetic on fractions: round half up, cut, apportion by largest remainder."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction

ZERO = Fraction(0)


def added(values: Iterable[Fraction]) -> Fraction:
    """Return the sum; most consignments have one line, and fractions are slow to add."""
    given = tuple(values)
    return given[0] if len(given) == 1 else sum(given, ZERO)


def half_up(value: Fraction, step: Fraction) -> Fraction:
    """Return the multiple of `step` nearest to value, exactly half away from zero."""
    if step.numerator == 1 and step.denominator % value.denominator == 0:
        return value  # a price in whole cents is one already
    # Whole numbers: a quotient of fractions would be brought to lowest terms for nothing.
    numerator = abs(value.numerator) * step.denominator
    denominator = value.denominator * step.numerator
    whole = (2 * numerator + denominator) // (2 * denominator)
    return step * (whole if value >= 0 else -whole)


def cut(value: Fraction, step: Fraction) -> Fraction:
    """Return the multiple of `step` next to value on the side of zero."""
    whole = abs(value) // step
    return step * whole if value >= 0 else -step * whole


def apportion(amount: Fraction, weights: Sequence[Fraction], step: Fraction) -> list[Fraction]:
    """Return shares of amount in proportion to weights, multiples of step that re-add to it.

    Each share is cut; the missing units go to the largest remainders, equal ones to the earlier.
    Without any weight all lines weigh the same.
    Shape: one share per weight, same order.
    """
    if len(weights) == 1:
        return [amount]
    total = sum(weights, Fraction(0))
    used = list(weights) if total else [Fraction(1)] * len(weights)
    exact = [amount * weight / (total or len(used)) for weight in used]
    shares = [cut(share, step) for share in exact]
    missing = int((amount - sum(shares, Fraction(0))) / step)
    order = sorted(range(len(exact)), key=lambda i: (shares[i] - exact[i], i))
    for index in order[:missing]:
        shares[index] += step
    return shares


def exact_text(value: Fraction) -> str:
    """Return a finite decimal when there is one, else `numerator/denominator`."""
    rest = value.denominator
    for prime in (2, 5):
        while rest % prime == 0:
            rest //= prime
    if rest != 1:
        return f"{value.numerator}/{value.denominator}"
    digits = 0
    while (value * 10**digits).denominator != 1:
        digits += 1
    return fixed(value, digits)


def fixed(value: Fraction, digits: int) -> str:
    """Return the decimal string of a value that has no more than `digits` digits."""
    scaled = value * 10**digits
    assert scaled.denominator == 1, "round before writing"
    # By hand: a decimal's context would keep 28 digits and drop the others without a word.
    sign, figures = "-" if scaled < 0 else "", str(abs(scaled.numerator)).rjust(digits + 1, "0")
    return f"{sign}{figures[:-digits]}.{figures[-digits:]}" if digits else f"{sign}{figures}"
