"""Switzerland: industrial goods free, duty by weight, five centimes, small amounts not levied."""

from __future__ import annotations

from fractions import Fraction

from marketplace.borders.duties.rules.duty import exact_total, tariff_duty
from marketplace.borders.duties.rules.outcome import Amounts, Assessment
from marketplace.borders.duties.rules.tax import at_border, at_sale, names_of, not_levied
from marketplace.borders.duties.rules.valuation import Valuation


def assess(goods: Valuation) -> Assessment:
    """Return duty and VAT of an entry into Switzerland.

    Source: Customs Tariff Act, annex of 2024-01-01; VAT Act, art. 20a, 53 para. 1 a.
    """
    sale_on = goods.consignment.sale_on
    platform = goods.tables.parameter("CH-PLATFORM", sale_on)
    sold = platform is not None and "CH-VAT" in goods.consignment.registrations
    industrial = goods.tables.parameter("CH-INDUSTRIAL-FREE", goods.entry_on)
    duty = _waived(goods, tariff_duty(goods, industrial.chapters if industrial else ()))
    tax = at_sale(goods, duty) if sold else _waived(goods, at_border(goods, duty))
    return Assessment(
        regime="CH_PLATFORM" if sold else "CH_BORDER",
        at_sale=sold,
        customs_value=sum(goods.customs_lines, Fraction(0)),
        duty=duty,
        tax=tax,
        tax_names=names_of(goods, sale_on if sold else goods.entry_on),
    )


def _waived(goods: Valuation, charges: Amounts) -> Amounts:
    row, smallest = goods.limit("CH-WAIVER")
    return not_levied(charges, row) if exact_total(charges) <= smallest else charges
