"""The United Arab Emirates: no duty up to the relief on CIF, VAT at the border always."""

from __future__ import annotations

from marketplace.borders.customs.rules.duty import no_duty
from marketplace.borders.customs.rules.outcome import Assessment
from marketplace.borders.customs.rules.relief import full, taxed_at_border
from marketplace.borders.customs.rules.valuation import Valuation


def assess(goods: Valuation) -> Assessment:
    """Return duty and VAT of an entry into the Emirates. Source: Dubai Customs notice 5/2023."""
    limit, ceiling = goods.limit("AE-RELIEF")
    if goods.delivered <= ceiling:
        return taxed_at_border(goods, "AE_RELIEF", no_duty(goods, limit, goods.delivered))
    return full(goods, "AE_FULL")
