"""Great Britain: supply VAT at sale up to 135 GBP, tariff and import VAT above."""

from __future__ import annotations

from marketplace.borders.customs.rules.outcome import Assessment
from marketplace.borders.customs.rules.relief import full, sold_without_duty
from marketplace.borders.customs.rules.valuation import Valuation


def assess(goods: Valuation) -> Assessment:
    """Return duty and VAT of an entry into Great Britain. Source: VAT Act 1994, s. 7AA and 77E."""
    limit, ceiling = goods.limit("GB-LOW")
    if goods.intrinsic <= ceiling:
        return sold_without_duty(goods, "GB_LOW", limit)
    return full(goods, "GB_STANDARD")
