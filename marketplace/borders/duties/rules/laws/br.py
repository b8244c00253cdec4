"""Brazil: import tax by programme on goods and carriage, ICMS inside its own base."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

from marketplace.borders.duties.rules.outcome import Amounts, Assessment, Blocked, Charge, Reason
from marketplace.borders.duties.rules.tables import ParameterRow
from marketplace.borders.duties.rules.tax import names_of, rows_of
from marketplace.borders.duties.rules.valuation import Valuation


def assess(goods: Valuation) -> Assessment:
    """Return import tax and ICMS of a consignment to a person.

    Raises: Blocked above the programme's ceiling. Source: Lei 14.902/2024, Portaria MF 612/2023.
    """
    programme = "BR-PRC" in goods.consignment.registrations
    regime, row = _regime(goods, programme=programme)
    tax_on = goods.consignment.sale_on if programme else goods.entry_on
    duty = _import_tax(goods, row)
    return Assessment(
        regime=regime,
        at_sale=programme,
        customs_value=sum(goods.customs_lines, Fraction(0)),
        duty=(duty,),
        tax=_icms(goods, duty, tax_on),
        tax_names=names_of(goods, tax_on),
    )


def _regime(goods: Valuation, *, programme: bool) -> tuple[str, ParameterRow]:
    if not programme:
        return "BR_NON_PROGRAMME", goods.tables.needed("BR-NON-PROGRAMME", goods.entry_on)
    _, ceiling = goods.limit("BR-CEILING")
    if goods.delivered > ceiling:
        raise Blocked(Reason.BR_CEILING)
    _, low = goods.limit("BR-LOW")
    name = "LOW" if goods.delivered <= low else "HIGH"
    return f"BR_PROGRAMME_{name}", goods.tables.needed(f"BR-PROGRAMME-{name}", goods.entry_on)


def _import_tax(goods: Valuation, row: ParameterRow) -> Charge:
    base = sum(goods.delivered_lines, Fraction(0))
    exact = base * row.share
    if row.amount is not None:
        exact -= goods.converted(*row.money)
    rounding = goods.rounding("duty")
    return Charge(
        kind="duty",
        name="import_tax",
        base=base,
        rate=row.share,
        exact=exact,
        amount=goods.rounded(exact, rounding),
        row=row.id,
        rounding=rounding.id,
        source=row.source,
    )


def _icms(goods: Valuation, duty: Charge, on: date) -> Amounts:
    ((row,), *_) = rows_of(goods, on)
    base = (duty.base + duty.amount) / (1 - row.rate)
    rounding = goods.rounding("tax")
    return (
        Charge(
            kind="tax",
            name=row.name,
            base=base,
            rate=row.rate,
            exact=base * row.rate,
            amount=goods.rounded(base * row.rate, rounding),
            row=row.id,
            rounding=rounding.id,
            source=row.source,
        ),
    )
