"""Korea: free up to a limit in dollars that parcels of one day share; the whole value above."""

from __future__ import annotations

from marketplace.borders.duties.rules.outcome import Assessment
from marketplace.borders.duties.rules.relief import free, full
from marketplace.borders.duties.rules.valuation import Valuation


def assess(goods: Valuation) -> Assessment:
    """Return duty and VAT of an entry into Korea. Source: Customs Act, art. 94; notice on lists."""
    consignment = goods.consignment
    higher = goods.tables.needed("KR-HIGHER-LIMIT-ORIGINS", goods.entry_on)
    name = "KR-FREE-US" if consignment.dispatch_country in higher.countries else "KR-FREE"
    limit, free_up_to = goods.limit(name)
    same_day = goods.converted(consignment.kr_same_day_usd, "USD")
    if goods.intrinsic + same_day <= free_up_to:
        return free(goods, "KR_FREE", limit)
    return full(goods, "KR_FULL")
