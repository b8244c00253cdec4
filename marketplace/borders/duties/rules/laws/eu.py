"""The European Union: flat duty per item in small consignments, tariff and border VAT above."""

from __future__ import annotations

from fractions import Fraction

from marketplace.borders.duties.rules.arithmetic import added
from marketplace.borders.duties.rules.duty import no_duty, total
from marketplace.borders.duties.rules.fees import item_keys
from marketplace.borders.duties.rules.outcome import Amounts, Assessment, Charge
from marketplace.borders.duties.rules.relief import full
from marketplace.borders.duties.rules.tables import ParameterRow
from marketplace.borders.duties.rules.tax import at_sale, levied, names_of
from marketplace.borders.duties.rules.valuation import Valuation


def assess(goods: Valuation) -> Assessment:
    """Return duty and VAT of an entry into the Union.

    Source: Regulations (EU) 2026/382 and 2026/1022; VAT Directive, title XII chapter 6 section 4.
    """
    _, ceiling = goods.limit("EU-LOW")
    if goods.intrinsic > ceiling or goods.consignment.business:
        return full(goods, "EU_STANDARD")
    relief = goods.tables.parameter("EU-LOW-DUTY-RELIEF", goods.entry_on)
    if relief is not None:
        return _low(goods, "EU_LOW_RELIEF", no_duty(goods, relief, goods.intrinsic))
    flat = goods.tables.needed("EU-FLAT-DUTY", goods.entry_on)
    return _low(goods, "EU_LOW_FLAT", _flat_duty(goods, flat))


def _flat_duty(goods: Valuation, row: ParameterRow) -> Amounts:
    count = len(item_keys(goods.consignment))
    amount, currency = row.money
    exact = goods.converted(amount * count, currency)
    rounding = goods.rounding("duty")
    return (
        Charge(
            kind="duty",
            name="flat",
            base=Fraction(count),
            rate=None,
            exact=exact,
            amount=goods.rounded(exact, rounding),
            row=row.id,
            rounding=rounding.id,
            source=row.source,
        ),
    )


def _low(goods: Valuation, regime: str, duty: Amounts) -> Assessment:
    sold = "IOSS" in goods.consignment.registrations
    if sold:
        tax = at_sale(goods, extra=total(duty))
    else:
        tax = levied(goods, goods.entry_on, goods.delivered_lines, extra=total(duty))
    return Assessment(
        regime=regime,
        at_sale=sold,
        customs_value=added(goods.customs_lines),
        duty=duty,
        tax=tax,
        tax_names=names_of(goods, goods.consignment.sale_on if sold else goods.entry_on),
    )
