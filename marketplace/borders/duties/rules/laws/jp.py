"""Japan, personal import: six tenths of the retail price, the simplified tariff, cut amounts."""

from __future__ import annotations

from fractions import Fraction

from marketplace.borders.duties.rules.arithmetic import half_up
from marketplace.borders.duties.rules.duty import Applied, in_force, no_duty
from marketplace.borders.duties.rules.outcome import Amounts, Assessment, Charge
from marketplace.borders.duties.rules.tax import rows_of
from marketplace.borders.duties.rules.valuation import Valuation

NATIONAL, LOCAL = "consumption_tax_national", "consumption_tax_local"


def assess(goods: Valuation) -> Assessment:
    """Return duty and consumption tax of a personal import.

    Source: Customs Tariff Act, art. 3-3, 14 no. 18; Consumption Tax Act; Local Tax Act, art. 72-83.
    """
    factor = goods.tables.needed("JP-PERSONAL-FACTOR", goods.entry_on).share
    taxable = goods.intrinsic * factor
    free_row, free = goods.limit("JP-FREE")
    _, simplified = goods.limit("JP-SIMPLIFIED")
    duty: Amounts
    tax: Amounts
    if taxable <= free:
        regime, duty, tax = "JP_FREE", no_duty(goods, free_row, taxable), ()
    else:
        scheme = "simplified" if taxable <= simplified else "normal"
        regime = f"JP_{scheme.upper()}"
        duty = _duty(goods, factor, scheme)
        tax = _consumption_tax(goods, taxable + duty[-1].amount)
    return Assessment(
        regime=regime,
        at_sale=False,
        customs_value=half_up(taxable, goods.unit),
        duty=duty,
        tax=tax,
        tax_names=(NATIONAL, LOCAL),
    )


def _duty(goods: Valuation, factor: Fraction, scheme: str) -> Amounts:
    values: dict[tuple[str, Fraction], Fraction] = {}
    exact = Fraction(0)
    used: list[Applied] = []
    for line, value in zip(goods.consignment.lines, goods.exact, strict=True):
        applied = in_force(line, goods.entry_on, scheme)
        rate = sum((layer.rate for layer in applied if layer.rate is not None), Fraction(0))
        exact += sum((layer.on(value) for layer in applied if layer.rate is None), Fraction(0))
        key = (line.subheading, rate)
        values[key] = values.get(key, Fraction(0)) + value * factor
        used += applied
    base_rounding, rounding = goods.rounding("duty_base"), goods.rounding("duty")
    bases = {key: goods.rounded(value, base_rounding) for key, value in values.items()}
    exact += sum((base * rate for (_, rate), base in bases.items()), Fraction(0))
    return (
        Charge(
            kind="duty",
            name=scheme,
            base=sum(bases.values(), Fraction(0)),
            rate=None,
            exact=exact,
            amount=goods.rounded(exact, rounding),
            row="+".join(dict.fromkeys(layer.row for layer in used)) or scheme,
            rounding=rounding.id,
            source="; ".join(dict.fromkeys(one.source for one in used)),
        ),
    )


def _consumption_tax(goods: Valuation, value: Fraction) -> Amounts:
    base = goods.rounded(value, goods.rounding("tax_base"))
    rounding = goods.rounding("tax")
    ((row,), *_) = rows_of(goods, goods.entry_on)
    share = goods.tables.needed("JP-LOCAL-SHARE", goods.entry_on)
    national = goods.rounded(base * row.rate, rounding)
    local = national * share.share
    return (
        Charge(
            kind="tax",
            name=NATIONAL,
            base=base,
            rate=row.rate,
            exact=base * row.rate,
            amount=national,
            row=row.id,
            rounding=rounding.id,
            source=row.source,
        ),
        Charge(
            kind="tax",
            name=LOCAL,
            base=national,
            rate=share.share,
            exact=local,
            amount=goods.rounded(local, rounding),
            row=share.id,
            rounding=rounding.id,
            source=share.source,
        ),
    )
