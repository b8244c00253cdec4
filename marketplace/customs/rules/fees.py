"""Fees beside duty and tax: rows that fit the place, the day and the regime; never taxed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from fractions import Fraction

from marketplace.customs.rules.duty import total
from marketplace.customs.rules.facts import Consignment, FeeChoice, Malformed
from marketplace.customs.rules.outcome import Amounts, Assessment, Charge
from marketplace.customs.rules.tables import FeeRow, in_force
from marketplace.customs.rules.valuation import Valuation


def item_keys(consignment: Consignment) -> frozenset[str]:
    """Return the distinct items: six digits, or all of them in a full declaration."""
    if consignment.full_declaration:
        return frozenset(line.hs or "" for line in consignment.lines)
    return frozenset(line.subheading for line in consignment.lines)


def charged(goods: Valuation, assessment: Assessment, choices: Iterable[FeeChoice]) -> Amounts:
    """Return the fees of the consignment, in the order of the data.

    Raises: Malformed when a chosen row is unknown or has no amount.
    """
    return tuple(
        _charge(goods, row)
        for row in _switched(goods.tables.fees, tuple(choices))
        if _counts(row, goods, assessment)
    )


def _switched(rows: tuple[FeeRow, ...], choices: tuple[FeeChoice, ...]) -> list[FeeRow]:
    unknown = {choice.row for choice in choices} - {row.id for row in rows}
    if unknown:
        raise Malformed(f"fees_on: unknown row {min(unknown)!r}")
    switched: list[FeeRow] = []
    for row in rows:
        chosen = [choice for choice in choices if choice.row == row.id]
        switched += [_replaced(row, choice) for choice in chosen] or [row]
    return switched


def _replaced(row: FeeRow, choice: FeeChoice) -> FeeRow:
    return replace(
        row,
        on=True,
        amount=row.amount if choice.amount is None else choice.amount,
        valid_from=choice.valid_from or row.valid_from,
        valid_to=choice.valid_to or row.valid_to,
    )


def _counts(row: FeeRow, goods: Valuation, assessment: Assessment) -> bool:
    consignment = goods.consignment
    due = total(assessment.duty) or total(assessment.tax)
    return (
        row.on
        and row.destination in {consignment.country, goods.destination.code}
        and in_force(row, goods.entry_on)
        and row.channel in {None, consignment.channel.value}
        and (not row.regimes or assessment.regime in row.regimes)
        and (not row.charged or bool(due))
    )


def _charge(goods: Valuation, row: FeeRow) -> Charge:
    if row.amount is None:
        raise Malformed(f"fees_on: row {row.id} needs an amount")
    count = len(item_keys(goods.consignment)) if row.per == "item" else 1
    exact = goods.converted(row.amount * count, row.currency)
    rounding = goods.rounding("fee")
    return Charge(
        kind="fee",
        name=row.id,
        base=Fraction(count),
        rate=None,
        exact=exact,
        amount=goods.rounded(exact, rounding),
        row=row.id,
        rounding=rounding.id,
        source=row.source,
    )
