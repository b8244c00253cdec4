"""The front of the engine: screen, value, assess, add the fees, sum up."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import cache
from importlib import import_module
from typing import cast

from marketplace.borders.duties.rules import relief
from marketplace.borders.duties.rules.arithmetic import added
from marketplace.borders.duties.rules.duty import total
from marketplace.borders.duties.rules.facts import Case, Consignment, Incoterm, LayerKind, Line
from marketplace.borders.duties.rules.fees import charged
from marketplace.borders.duties.rules.outcome import (
    Amounts,
    Assessment,
    Blocked,
    Layout,
    Quote,
    Reason,
    Refusal,
)
from marketplace.borders.duties.rules.tables import Destination, NoRule, Tables
from marketplace.borders.duties.rules.valuation import Valuation, valued

Assess = Callable[[Valuation], Assessment]


def law_of(destination: Destination) -> Assess:
    """Return what assesses a territory: its relief, else the module that bears its code.

    Raises: LookupError where neither is there.
    """
    return relief.assess if destination.relief else _module_of(destination.code)


@cache
def _module_of(code: str) -> Assess:
    try:
        law = import_module(f"{__package__}.laws.{code.lower()}")
    except ModuleNotFoundError:
        raise LookupError(
            f"countries/{code}.json, part customs: relief is missing, and rules/laws has no module"
            f" {code.lower()}"
        ) from None
    return cast(Assess, law.assess)


def landed_cost(case: Case, tables: Tables) -> Quote | Refusal:
    """Return what the consignment costs its buyer, every amount with its row; or why it may not go.

    Raises: Malformed when a value that the rules need was not given.
    """
    refusal = screened(case.consignment)
    if refusal is not None:
        return refusal
    destination = tables.destination_of(case.consignment.country)
    if destination is None:
        return Refusal(reason=Reason.UNSUPPORTED_DESTINATION, field="destination.country")
    goods = valued(case, destination, tables)
    try:
        assessment = law_of(destination)(goods)
        return _settled(goods, assessment, charged(goods, assessment, case.fees_on))
    except Blocked as blocked:
        return Refusal(reason=blocked.reason)
    except NoRule as missing:
        return Refusal(reason=Reason.NO_RULE, detail=str(missing))


def landed_layout(cases: Sequence[Case], tables: Tables) -> Layout:
    """Return the landed cost of each consignment of a basket."""
    return Layout(tuple(landed_cost(case, tables) for case in cases))


def screened(consignment: Consignment) -> Refusal | None:
    """Return why a line stops the quote: first what is missing, then what is prohibited."""
    for number, line in enumerate(consignment.lines, start=1):
        if not line.hs:
            return Refusal(reason=Reason.MISSING_HS, line=number, field="hs")
        if not line.origin:
            return Refusal(reason=Reason.MISSING_ORIGIN, line=number, field="origin")
    for number, line in enumerate(consignment.lines, start=1):
        if _is_prohibited(line, consignment):
            return Refusal(reason=Reason.PROHIBITED, line=number, field="hs")
    return None


def _is_prohibited(line: Line, consignment: Consignment) -> bool:
    return any(
        layer.kind is LayerKind.PROHIBITION
        and layer.applies(on=consignment.entry_on, origin=line.origin or "")
        for layer in line.layers
    )


def _settled(goods: Valuation, assessment: Assessment, fees: Amounts) -> Quote:
    duty = total(assessment.duty)
    tax = dict.fromkeys(assessment.tax_names, Fraction(0))
    for charge in assessment.tax:
        tax[charge.name] += charge.amount
    due = bool(duty or sum(tax.values()) or total(fees))
    return Quote(
        regime=assessment.regime,
        currency=goods.currency,
        goods=added(goods.goods),
        freight=goods.freight,
        insurance=goods.insurance,
        customs_value=assessment.customs_value,
        duty=duty,
        tax=tax,
        fees=tuple((fee.row, fee.amount) for fee in fees),
        seller_cost=Fraction(0) if goods.consignment.duty_recharged else duty,
        collector=_collector(assessment, goods.consignment.incoterm, due=due),
        at_sale=assessment.at_sale,
        charges=(*assessment.duty, *assessment.tax, *fees),
        counters=assessment.counters,
    )


def _collector(assessment: Assessment, incoterm: Incoterm, *, due: bool) -> str:
    if assessment.at_sale:
        return "platform"
    if not due:
        return "none"
    return "seller" if incoterm is Incoterm.DDP else "carrier"
