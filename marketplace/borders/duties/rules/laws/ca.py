"""Canada: value for duty without freight, courier lines for US and Mexico, tax by province."""

from __future__ import annotations

from fractions import Fraction

from marketplace.borders.duties.rules.duty import no_duty, per_line, tariff_duty
from marketplace.borders.duties.rules.facts import Channel
from marketplace.borders.duties.rules.outcome import Amounts, Assessment
from marketplace.borders.duties.rules.relief import free
from marketplace.borders.duties.rules.tax import levied, names_of
from marketplace.borders.duties.rules.valuation import Valuation


def assess(goods: Valuation) -> Assessment:
    """Return duty and sales taxes of an entry into Canada.

    Source: Courier Imports Remission Order; CUSMA art. 7.8.
    """
    if not _by_neighbour_courier(goods):
        limit, free_up_to = goods.limit("CA-FREE")
        if goods.intrinsic <= free_up_to:
            return free(goods, "CA_FREE", limit)
        return _taxed(goods, "CA_FULL", tariff_duty(goods))
    tax_row, tax_free = goods.limit("CA-COURIER-TAX")
    if goods.intrinsic <= tax_free:
        return free(goods, "CA_FREE", tax_row)
    duty_row, duty_free = goods.limit("CA-COURIER-DUTY")
    if goods.intrinsic <= duty_free:
        return _taxed(goods, "CA_TAX_ONLY", no_duty(goods, duty_row, goods.intrinsic))
    return _taxed(goods, "CA_FULL", tariff_duty(goods))


def _by_neighbour_courier(goods: Valuation) -> bool:
    row = goods.tables.needed("CA-COURIER-ORIGINS", goods.entry_on)
    consignment = goods.consignment
    return consignment.channel is Channel.COURIER and consignment.dispatch_country in row.countries


def _taxed(goods: Valuation, regime: str, duty: Amounts) -> Assessment:
    duties = per_line(duty, len(goods.goods))
    bases = [value + due for value, due in zip(goods.goods, duties, strict=True)]
    return Assessment(
        regime=regime,
        at_sale=False,
        customs_value=sum(goods.customs_lines, Fraction(0)),
        duty=duty,
        tax=levied(goods, goods.entry_on, bases),
        tax_names=names_of(goods, goods.entry_on),
    )
