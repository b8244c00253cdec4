"""Australia: GST at sale on low-value goods, duty on FOB and GST with transport above."""

from __future__ import annotations

from marketplace.borders.customs.rules.outcome import Assessment
from marketplace.borders.customs.rules.relief import free, full, sold_without_duty
from marketplace.borders.customs.rules.valuation import Valuation


def assess(goods: Valuation) -> Assessment:
    """Return duty and GST of an entry into Australia. Source: GST Act 1999, subdiv. 84-C, 13-20."""
    limit, ceiling = goods.limit("AU-LOW")
    if goods.intrinsic > ceiling:
        return full(goods, "AU_STANDARD")
    if "AU-GST" in goods.consignment.registrations:
        return sold_without_duty(goods, "AU_LOW", limit)
    return free(goods, "AU_LOW", limit)
