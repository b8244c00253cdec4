"""Tax on bases that are added up per name and rate, and rounded once."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from marketplace.borders.duties.rules.duty import per_line
from marketplace.borders.duties.rules.outcome import Amounts, Charge
from marketplace.borders.duties.rules.tables import LimitRow, RoundingRow, TaxRow
from marketplace.borders.duties.rules.valuation import Valuation


def rows_of(goods: Valuation, on: date) -> list[tuple[TaxRow, ...]]:
    """Return the tax rows of each line on a day. Raises: NoRule."""
    consignment = goods.consignment
    return [
        goods.tables.taxes(
            country=consignment.country,
            region=consignment.region,
            tax_class=line.tax_class,
            on=on,
        )
        for line in consignment.lines
    ]


def names_of(goods: Valuation, on: date) -> tuple[str, ...]:
    """Return the names of the place's taxes on a day, in the order of the data."""
    return tuple(dict.fromkeys(row.name for rows in rows_of(goods, on) for row in rows))


def levied(
    goods: Valuation, on: date, bases: Sequence[Fraction], extra: Fraction = Fraction(0)
) -> Amounts:
    """Return one charge per tax name and rate on the bases of the lines.

    `extra` belongs to the whole consignment and is added once, to the first line's rates.
    """
    rounding = goods.rounding("tax")
    grouped: dict[tuple[str, str], tuple[TaxRow, Fraction]] = {}
    for index, (rows, base) in enumerate(zip(rows_of(goods, on), bases, strict=True)):
        whole = base + extra if extra and not index else base
        for row in rows:
            key = (row.name, str(row.rate_pct))
            known = grouped.get(key)
            grouped[key] = (row, whole if known is None else known[1] + whole)
    return tuple(_charge(goods, row, base, rounding) for row, base in grouped.values())


def _charge(goods: Valuation, row: TaxRow, base: Fraction, rounding: RoundingRow) -> Charge:
    exact = base * row.rate
    return Charge(
        kind="tax",
        name=row.name,
        base=base,
        rate=row.rate,
        exact=exact,
        amount=goods.rounded(exact, rounding),
        row=row.id,
        rounding=rounding.id,
        source=row.source,
    )


def at_border(goods: Valuation, duty: Amounts) -> Amounts:
    """Return the tax at the border: goods, carriage and duty, at the rates of the entry day."""
    duties = per_line(duty, len(goods.goods))
    bases = [value + due for value, due in zip(goods.delivered_lines, duties, strict=True)]
    return levied(goods, goods.entry_on, bases)


def at_sale(goods: Valuation, duty: Amounts = (), extra: Fraction = Fraction(0)) -> Amounts:
    """Return the tax collected at sale: what the buyer is charged, at the rates of the sale day.

    Duty counts only when it is recharged to the buyer.
    """
    recharged = goods.consignment.duty_recharged
    duties = per_line(duty if recharged else (), len(goods.goods))
    bases = [value + due for value, due in zip(goods.delivered_lines, duties, strict=True)]
    return levied(goods, goods.consignment.sale_on, bases, extra if recharged else Fraction(0))


def not_levied(charges: Amounts, row: LimitRow) -> Amounts:
    """Return the same charges at zero, with the row that waives them."""
    return tuple(
        Charge(
            kind=charge.kind,
            name=charge.name,
            line=charge.line,
            base=charge.base,
            rate=charge.rate,
            exact=charge.exact,
            amount=Fraction(0),
            row=row.id,
            rounding=charge.rounding,
            source=row.source,
        )
        for charge in charges
    )
