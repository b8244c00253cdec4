"""The command door of the landed-cost engine: cases in, results out, no database, no web."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import click

from kernel.money import exponent
from marketplace.customs import forms, shipped
from marketplace.customs.rules import (
    Charge,
    Layout,
    Malformed,
    Quote,
    Refusal,
    Tables,
    landed_layout,
)
from marketplace.customs.rules.arithmetic import exact_text, fixed


@click.command("landed-cost")
@click.argument("cases", type=click.Path(exists=True, dir_okay=False, path_type=Path))
def landed_cost(cases: Path) -> None:
    """Print the landed cost of every case of a JSON file, in their order."""
    results = []
    try:
        data = json.loads(cases.read_text("utf-8"), parse_float=Decimal, parse_constant=_refused)
        listed = forms.cases_of(data)
    except (ValueError, RecursionError) as error:
        _fail(cases.name, error)
    for position, case in enumerate(listed, start=1):
        try:
            results.append(answer(case, shipped.tables()))
        except Malformed as error:
            _fail(forms.case_id(case, position), error)
    click.echo(json.dumps(results, ensure_ascii=False, indent=1))


def _refused(name: str) -> None:
    raise Malformed(f"{name} is no decimal")


def _fail(where: str, error: Exception) -> None:
    click.echo(f"{where}: {error}", err=True)
    sys.exit(2)


def answer(case: object, tables: Tables) -> dict[str, Any]:
    """Return the result of one case in plain JSON values. Raises: Malformed."""
    parts, is_layout = forms.bodies(case)
    layout = landed_layout(parts, tables)
    return layout_json(layout) if is_layout else part_json(layout.parts[0])


def layout_json(layout: Layout) -> dict[str, Any]:
    """Return a layout as the sums over its consignments, or the reason of its first refusal."""
    parts = [part_json(part) for part in layout.parts]
    if layout.refused is not None:
        return {"decision": "refuse", "reason": layout.refused.reason.value, "parts": parts}
    currencies = {quote.currency for quote in layout.quotes}
    if len(currencies) != 1:
        raise Malformed("layout: the consignments have different result currencies")
    digits = exponent(currencies.pop())
    return {
        "decision": "quote",
        "charges_total": fixed(_sum([q.charges_total for q in layout.quotes]), digits),
        "landed_total": fixed(_sum([q.landed_total for q in layout.quotes]), digits),
        "parts": parts,
    }


def _sum(amounts: Sequence[Fraction]) -> Fraction:
    return sum(amounts, Fraction(0))


def part_json(part: Quote | Refusal) -> dict[str, Any]:
    """Return the answer for one consignment."""
    return refusal_json(part) if isinstance(part, Refusal) else quote_json(part)


def refusal_json(refusal: Refusal) -> dict[str, Any]:
    """Return a refusal with what is known about it."""
    found = {
        "decision": "refuse",
        "reason": refusal.reason.value,
        "line": refusal.line,
        "field": refusal.field,
        "detail": refusal.detail,
    }
    return {key: value for key, value in found.items() if value is not None}


def quote_json(quote: Quote) -> dict[str, Any]:
    """Return a quote, its amounts in the minor unit of its currency, with the trace."""
    digits = exponent(quote.currency)
    result: dict[str, Any] = {
        "decision": "quote",
        "regime": quote.regime,
        "currency": quote.currency,
        "customs_value": fixed(quote.customs_value, digits),
        "duty": fixed(quote.duty, digits),
        "tax": _amounts(quote.tax, digits),
        "fees": [{"row": row, "amount": fixed(amount, digits)} for row, amount in quote.fees],
        "seller_cost": fixed(quote.seller_cost, digits),
        "charges_total": fixed(quote.charges_total, digits),
        "landed_total": fixed(quote.landed_total, digits),
        "collector": quote.collector,
    }
    if quote.counters:
        result["counters"] = _amounts(quote.counters, digits)
    result["trace"] = [charge_json(charge, digits) for charge in quote.charges]
    return result


def _amounts(amounts: Mapping[str, Fraction], digits: int) -> dict[str, str]:
    return {name: fixed(amount, digits) for name, amount in amounts.items()}


def charge_json(charge: Charge, digits: int) -> dict[str, Any]:
    """Return where one amount comes from: row, base, rate, rounding, source."""
    return {
        "kind": charge.kind,
        "name": charge.name,
        "line": None if charge.line is None else charge.line + 1,
        "amount": fixed(charge.amount, digits),
        "exact": exact_text(charge.exact),
        "base": exact_text(charge.base),
        "rate": None if charge.rate is None else exact_text(charge.rate),
        "row": charge.row,
        "rounding": charge.rounding,
        "source": charge.source,
    }
