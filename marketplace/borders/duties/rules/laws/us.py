"""The United States: no de minimis, whole-dollar values, additive layers, no federal tax."""

from __future__ import annotations

from fractions import Fraction

from marketplace.borders.duties.rules.duty import tariff_duty
from marketplace.borders.duties.rules.outcome import Assessment, Blocked, Reason
from marketplace.borders.duties.rules.valuation import Valuation


def assess(goods: Valuation) -> Assessment:
    """Return the duty of an informal entry.

    Raises: Blocked above the informal ceiling. Source: 19 CFR 143.21; rules of 2026-06-24.
    """
    customs_value = sum(goods.customs_lines, Fraction(0))
    _, ceiling = goods.limit("US-INFORMAL")
    if customs_value > ceiling:
        raise Blocked(Reason.US_FORMAL_ENTRY)
    return Assessment(
        regime="US_INFORMAL",
        at_sale=False,
        customs_value=customs_value,
        duty=tariff_duty(goods),
        tax=(),
        tax_names=(),
    )
