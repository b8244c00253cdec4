"""A consignment in the result currency: values, carriage, limits; convert once, round once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from kernel.money import CURRENCIES, exponent
from kernel.records import record
from marketplace.borders.duties.rules.arithmetic import added, apportion, cut, half_up
from marketplace.borders.duties.rules.facts import Case, Consignment, Malformed
from marketplace.borders.duties.rules.tables import Destination, LimitRow, RoundingRow, Tables


@record
class Valuation:
    """Every value a destination's rules may look at, in the result currency.

    Shape: exact, goods and carriage hold one entry per line. Limits look at exact values;
    amounts that are charged come from the rounded ones.
    """

    consignment: Consignment
    destination: Destination
    tables: Tables
    fx: Mapping[tuple[str, str], Fraction]
    currency: str
    unit: Fraction
    exact: tuple[Fraction, ...]
    goods: tuple[Fraction, ...]
    carriage: tuple[Fraction, ...]
    freight: Fraction
    insurance: Fraction
    intrinsic: Fraction
    delivered: Fraction

    @property
    def entry_on(self) -> date:
        """The day of entry, which picks everything but tax collected at sale."""
        return self.consignment.entry_on

    @property
    def delivered_lines(self) -> tuple[Fraction, ...]:
        """Goods with their share of the carriage, line by line."""
        return tuple(g + k for g, k in zip(self.goods, self.carriage, strict=True))

    @property
    def customs_lines(self) -> tuple[Fraction, ...]:
        """The customs value of each line by the territory's way of valuing."""
        cif = self.destination.customs_value == "CIF"
        lines = self.delivered_lines if cif else self.goods
        row = self.tables.own_rounding(self.destination.code, "customs_value")
        return lines if row is None else tuple(self.rounded(value, row) for value in lines)

    def converted(self, amount: Fraction, currency: str) -> Fraction:
        """Return the amount in the result currency at full precision."""
        if currency == self.currency:
            return amount
        return amount * rate_between(self.fx, currency, self.currency)

    def limit(self, name: str) -> tuple[LimitRow, Fraction]:
        """Return the limit in force on entry and its amount in the result currency."""
        row = self.tables.limit(name, self.entry_on)
        return row, self.converted(row.amount, row.currency)

    def rounding(self, what: str) -> RoundingRow:
        """Return how this territory rounds duty, tax or a base."""
        return self.tables.rounding_of(self.destination.code, what)

    def rounded(self, value: Fraction, row: RoundingRow) -> Fraction:
        """Return the value rounded as the row says."""
        # Five centimes are no step where the currency asked for has no coin so small.
        step = self.unit if row.step is None else max(row.step, self.unit)
        return cut(value, step) if row.mode == "cut" else half_up(value, step)


def rate_between(fx: Mapping[tuple[str, str], Fraction], sold: str, bought: str) -> Fraction:
    """Return what one `sold` is in `bought`. Raises: Malformed when the pair is not given."""
    if sold == bought:
        return Fraction(1)
    try:
        return fx[sold, bought]
    except KeyError:
        raise Malformed(f"fx has no {sold}/{bought}") from None


def valued(case: Case, destination: Destination, tables: Tables) -> Valuation:
    """Return the consignment converted, its carriage apportioned over the lines by value.

    Raises: Malformed when a currency or a rate is missing.
    """
    consignment = case.consignment
    currency = consignment.result_currency or destination.currency
    if currency not in CURRENCIES:
        raise Malformed(f"result_currency: unknown currency {currency!r}")
    unit = Fraction(1, 10 ** exponent(currency))
    rate = rate_between(case.fx, consignment.currency, currency)
    exact = tuple(line.quantity * line.unit_price for line in consignment.lines)
    freight, insurance = consignment.freight, consignment.insurance
    if rate != 1:
        exact = tuple(value * rate for value in exact)
        freight, insurance = freight * rate, insurance * rate
    shares = [apportion(half_up(part, unit), exact, unit) for part in (freight, insurance)]
    intrinsic = added(exact)
    return Valuation(
        consignment=consignment,
        destination=destination,
        tables=tables,
        fx=case.fx,
        currency=currency,
        unit=unit,
        exact=exact,
        goods=tuple(half_up(value, unit) for value in exact),
        carriage=tuple(f + i for f, i in zip(*shares, strict=True)),
        freight=half_up(freight, unit),
        insurance=half_up(insurance, unit),
        intrinsic=intrinsic,
        delivered=intrinsic + freight + insurance,
    )
