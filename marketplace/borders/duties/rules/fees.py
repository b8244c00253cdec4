"""Fees beside duty and tax: rows that fit the place, the day and the regime; never taxed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from fractions import Fraction

from marketplace.borders.duties.rules.duty import total
from marketplace.borders.duties.rules.facts import Consignment, FeeChoice, Malformed
from marketplace.borders.duties.rules.outcome import Amounts, Assessment, Charge
from marketplace.borders.duties.rules.tables import FeeRow, in_force
from marketplace.borders.duties.rules.valuation import Valuation


def item_keys(consignment: Consignment) -> frozenset[str]:
    """Return the distinct items: six digits, or all of them in a full declaration."""
    if consignment.full_declaration:
        return frozenset(line.hs or "" for line in consignment.lines)
    return frozenset(line.subheading for line in consignment.lines)


def charged(goods: Valuation, assessment: Assessment, choices: Iterable[FeeChoice]) -> Amounts:
    """Return the fees of the consignment, in the order of the data.

    Raises: Malformed when a chosen row is unknown or has no amount.
    """
    chosen = tuple(choices)
    unknown = {choice.row for choice in chosen} - goods.tables.fee_ids
    if unknown:
        raise Malformed(f"fees_on: unknown row {min(unknown)!r}")
    places = {goods.consignment.country, goods.destination.code}
    here = [row for row in goods.tables.fees if row.destination in places]
    is_due = bool(total(assessment.duty) or total(assessment.tax)) if here else False
    return tuple(
        _charge(goods, row)
        for row in _switched(here, chosen)
        if _counts(row, goods, assessment.regime, is_due=is_due)
    )


def _switched(rows: Sequence[FeeRow], choices: Sequence[FeeChoice]) -> list[FeeRow]:
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


def _counts(row: FeeRow, goods: Valuation, regime: str, *, is_due: bool) -> bool:
    return (
        row.on
        and in_force(row, goods.entry_on)
        and row.channel in {None, goods.consignment.channel.value}
        and (not row.regimes or regime in row.regimes)
        and (not row.charged or is_due)
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
