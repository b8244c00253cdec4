"""What most territories share: tax at sale below a line, tariff and border tax above it.

Where that is all, the territory's file says so (`relief`) and `assess` here is its law.
"""

from __future__ import annotations

from marketplace.borders.duties.rules.arithmetic import added
from marketplace.borders.duties.rules.duty import no_duty, tariff_duty
from marketplace.borders.duties.rules.outcome import Amounts, Assessment
from marketplace.borders.duties.rules.tables import LimitRow, TaxBelow
from marketplace.borders.duties.rules.tax import at_border, at_sale, names_of
from marketplace.borders.duties.rules.valuation import Valuation


def assess(goods: Valuation) -> Assessment:
    """Return duty and tax where one limit decides, as the territory's file tells it."""
    relief = goods.destination.relief
    assert relief is not None, "asked of territories with a relief only"
    limit, ceiling = goods.limit(relief.limit)
    value = goods.delivered if limit.measures == "cif" else goods.intrinsic
    if value > ceiling:
        return full(goods, relief.above)
    if relief.tax is TaxBelow.AT_BORDER:
        return taxed_at_border(goods, relief.below, no_duty(goods, limit, value))
    is_registered = relief.scheme is None or relief.scheme in goods.consignment.registrations
    if relief.tax is TaxBelow.AT_SALE and is_registered:
        return sold_without_duty(goods, relief.below, limit)
    return free(goods, relief.below, limit)


def sold_without_duty(goods: Valuation, regime: str, limit: LimitRow) -> Assessment:
    """Return a consignment whose tax was collected at sale and that crosses free of duty."""
    return Assessment(
        regime=regime,
        at_sale=True,
        customs_value=added(goods.customs_lines),
        duty=no_duty(goods, limit, goods.intrinsic),
        tax=at_sale(goods),
        tax_names=names_of(goods, goods.consignment.sale_on),
    )


def free(goods: Valuation, regime: str, limit: LimitRow) -> Assessment:
    """Return a consignment that owes neither duty nor tax."""
    return Assessment(
        regime=regime,
        at_sale=False,
        customs_value=added(goods.customs_lines),
        duty=no_duty(goods, limit, goods.intrinsic),
        tax=(),
        tax_names=names_of(goods, goods.entry_on),
    )


def taxed_at_border(goods: Valuation, regime: str, duty: Amounts) -> Assessment:
    """Return a consignment with the given duty, and tax on goods, carriage and duty."""
    return Assessment(
        regime=regime,
        at_sale=False,
        customs_value=added(goods.customs_lines),
        duty=duty,
        tax=at_border(goods, duty),
        tax_names=names_of(goods, goods.entry_on),
    )


def full(goods: Valuation, regime: str) -> Assessment:
    """Return a consignment that owes the tariff and the tax at the border."""
    return taxed_at_border(goods, regime, tariff_duty(goods))
