"""China: cross-border e-commerce retail import, two limits and a composite tax base."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from marketplace.borders.duties.rules.arithmetic import half_up
from marketplace.borders.duties.rules.duty import no_duty, per_line, tariff_duty
from marketplace.borders.duties.rules.outcome import Amounts, Assessment, Blocked, Charge, Reason
from marketplace.borders.duties.rules.tables import ParameterRow, TaxRow
from marketplace.borders.duties.rules.tax import rows_of
from marketplace.borders.duties.rules.valuation import Valuation

CONSUMPTION_TAX, VAT = "consumption_tax", "VAT"


def assess(goods: Valuation) -> Assessment:
    """Return duty, consumption tax and VAT of a retail import.

    Raises: Blocked over the year's limit, or over the order's with more than one piece.
    Source: Notice Cai Guan Shui 2018/49.
    """
    used = goods.converted(goods.consignment.cn_annual_used, "CNY")
    single, single_limit = goods.limit("CN-SINGLE")
    _, annual_limit = goods.limit("CN-ANNUAL")
    if used + goods.delivered > annual_limit:
        raise Blocked(Reason.CN_ANNUAL_LIMIT)
    inside = goods.delivered <= single_limit
    if not inside and sum(line.quantity for line in goods.consignment.lines) > 1:
        raise Blocked(Reason.CN_SINGLE_LIMIT)
    value = sum(goods.delivered_lines, Fraction(0))
    duty = no_duty(goods, single, goods.delivered) if inside else tariff_duty(goods)
    share = goods.tables.needed("CN-CBEC-SHARE", goods.entry_on).share if inside else Fraction(1)
    return Assessment(
        regime="CN_CBEC" if inside else "CN_CBEC_FULL",
        at_sale=True,
        customs_value=sum(goods.customs_lines, Fraction(0)),
        duty=duty,
        tax=_composite_taxes(goods, per_line(duty, len(goods.goods)), share),
        tax_names=(CONSUMPTION_TAX, VAT),
        # An amount of the result like any other, while the limits looked at every digit.
        counters={"cn_annual_used": half_up(used + value, goods.unit)},
    )


def _composite_taxes(goods: Valuation, duties: Sequence[Fraction], share: Fraction) -> Amounts:
    high_end = goods.tables.needed("CN-COSMETICS-CT", goods.entry_on)
    groups: dict[tuple[bool, Fraction], tuple[TaxRow, Fraction]] = {}
    values = zip(rows_of(goods, goods.entry_on), goods.delivered_lines, duties, strict=True)
    for index, ((row,), value, due) in enumerate(values):
        key = (_is_high_end(goods, index), row.rate)
        so_far = groups.get(key, (row, Fraction(0)))[1]
        groups[key] = (row, so_far + value + due)
    charges: list[Charge] = []
    for (is_high_end, rate), (row, value) in groups.items():
        inside = high_end.share if is_high_end else Fraction(0)
        composite = value / (1 - inside)
        if is_high_end:
            charges.append(_tax(goods, high_end, CONSUMPTION_TAX, composite, inside * share))
        charges.append(_tax(goods, row, VAT, composite, rate * share))
    return tuple(charges)


def _tax(
    goods: Valuation, row: TaxRow | ParameterRow, name: str, base: Fraction, rate: Fraction
) -> Charge:
    rounding = goods.rounding("tax")
    return Charge(
        kind="tax",
        name=name,
        base=base,
        rate=rate,
        exact=base * rate,
        amount=goods.rounded(base * rate, rounding),
        row=row.id,
        rounding=rounding.id,
        source=row.source,
    )


def _is_high_end(goods: Valuation, index: int) -> bool:
    line = goods.consignment.lines[index]
    if line.cosmetics is None:
        return False
    row = "CN-COSMETICS-PER-PIECE" if line.cosmetics.unit == "piece" else "CN-COSMETICS-PER-G-ML"
    floor = goods.converted(*goods.tables.needed(row, goods.entry_on).money)
    units = line.cosmetics.amount * line.quantity
    return goods.delivered_lines[index] / units >= floor
