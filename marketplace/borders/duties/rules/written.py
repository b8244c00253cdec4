"""Cases and results in the plain JSON values of the command and of stored quotes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Any

from kernel.money import exponent
from marketplace.borders.duties.rules.arithmetic import exact_text, fixed
from marketplace.borders.duties.rules.cases import bodies
from marketplace.borders.duties.rules.facts import Case, Layer, Line, Malformed
from marketplace.borders.duties.rules.landed import landed_layout
from marketplace.borders.duties.rules.outcome import Charge, Layout, Quote, Refusal
from marketplace.borders.duties.rules.tables import Tables


def answer(case: object, tables: Tables) -> dict[str, Any]:
    """Return the result of one case in plain JSON values. Raises: Malformed."""
    parts, is_layout = bodies(case, tables.regions)
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
    fields = {
        "decision": "refuse",
        "reason": refusal.reason.value,
        "line": refusal.line,
        "field": refusal.field,
        "detail": refusal.detail,
    }
    return {key: value for key, value in fields.items() if value is not None}


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


def case_json(case: Case) -> dict[str, Any]:
    """Return a case as it would stand in a file, so that it can be replayed bit for bit."""
    consignment = case.consignment
    buyer = {
        "cn_annual_used": _decimal(consignment.cn_annual_used),
        "kr_same_day_usd": _decimal(consignment.kr_same_day_usd),
    }
    return {
        "consignment": {
            "destination": {"country": consignment.country, "region": consignment.region},
            "dispatch_country": consignment.dispatch_country,
            "channel": consignment.channel.value,
            "sale_date": consignment.sale_on.isoformat(),
            "entry_date": consignment.entry_on.isoformat(),
            "currency": consignment.currency,
            "result_currency": consignment.result_currency,
            "incoterm": consignment.incoterm.value,
            "business": consignment.business,
            "declaration": "H1" if consignment.full_declaration else "H7",
            "seller": {"registrations": sorted(consignment.registrations)},
            "buyer": buyer,
            "lines": [_line_json(line) for line in consignment.lines],
            "freight": _decimal(consignment.freight),
            "insurance": _decimal(consignment.insurance),
            "duty_recharged_to_buyer": consignment.duty_recharged,
        },
        "tariff": {"lines": [[_layer_json(x) for x in line.layers] for line in consignment.lines]},
        "fx": {f"{a}/{b}": _decimal(rate) for (a, b), rate in sorted(case.fx.items())},
        "fees_on": [
            {
                "row": choice.row,
                "amount": None if choice.amount is None else _decimal(choice.amount),
                "valid_from": _day(choice.valid_from),
                "valid_to": _day(choice.valid_to),
            }
            for choice in case.fees_on
        ],
    }


def _line_json(line: Line) -> dict[str, Any]:
    content = line.cosmetics
    return {
        "hs": line.hs,
        "origin": line.origin,
        "quantity": line.quantity,
        "unit_price": _decimal(line.unit_price),
        "weight_g": None if line.weight_g is None else _decimal(line.weight_g),
        "origin_proof": line.origin_proof,
        "tax_class": line.tax_class,
        "attributes": None
        if content is None
        else {
            "category": "cosmetics",
            "content": _decimal(content.amount),
            "content_unit": content.unit,
        },
    }


def _layer_json(layer: Layer) -> dict[str, Any]:
    return {
        "id": layer.id,
        "type": layer.kind.value,
        "rate_pct": None if layer.rate_pct is None else _decimal(layer.rate_pct),
        "amount": None if layer.amount is None else _decimal(layer.amount),
        "per": layer.per and layer.per.value,
        "replaces": layer.replaces,
        "net_of": layer.net_of,
        "origins": None if layer.origins is None else sorted(layer.origins),
        "scheme": layer.scheme,
        "valid_from": _day(layer.valid_from),
        "valid_to": _day(layer.valid_to),
        "source": layer.source,
    }


def _decimal(value: Fraction) -> str:
    text = exact_text(value)
    if "/" in text:
        raise Malformed(f"{text} is no finite decimal")
    return text


def _day(day: date | None) -> str | None:
    return None if day is None else day.isoformat()
