"""Singapore: GST at sale on items up to 400 SGD each, at the border on dearer ones."""

from __future__ import annotations

from marketplace.borders.duties.rules.outcome import Assessment, Blocked, Reason
from marketplace.borders.duties.rules.relief import full, sold_without_duty
from marketplace.borders.duties.rules.valuation import Valuation


def assess(goods: Valuation) -> Assessment:
    """Return duty and GST of an entry into Singapore.

    Raises: Blocked when items stand on both sides of the line. Source: GST Act, s. 14A, 7th Sched.
    """
    limit, ceiling = goods.limit("SG-LOW")
    currency = goods.consignment.currency
    prices = [goods.converted(line.unit_price, currency) for line in goods.consignment.lines]
    if all(price <= ceiling for price in prices):
        return sold_without_duty(goods, "SG_LOW", limit)
    if all(price > ceiling for price in prices):
        return full(goods, "SG_STANDARD")
    raise Blocked(Reason.SG_MIXED_BASKET)
