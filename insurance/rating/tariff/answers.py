"""The tariff's answers as JSON values: amounts with their minor unit, rates with all digits."""

from __future__ import annotations

from typing import Any

from insurance.rating.tariff.amounts import digits, whole
from insurance.rating.tariff.facts import (
    Decision,
    Endorsement,
    Premium,
    Product,
    Refund,
    Refusal,
)
from insurance.rating.tariff.losses import Settlement
from kernel.money import Money

Answer = dict[str, Any]


def _amount(money: Money) -> str:
    return str(money.amount)


def of_refusal(refusal: Refusal) -> Answer:
    """Return a no with its reason."""
    return {"decision": refusal.decision.value, "reason": refusal.reason.value}


def of_premium(premium: Premium | Refusal) -> Answer:
    """Return a quote."""
    if isinstance(premium, Refusal):
        return of_refusal(premium)
    parts, rate = premium.sections, premium.rate
    cargo = {} if premium.cif is None else {"cif": _amount(premium.cif)}
    insured = premium.sum_insured
    return {
        "decision": Decision.QUOTE.value,
        "currency": premium.currency,
        "sum_insured": _amount(insured) if premium.cif is None else whole(insured),
        "rate": {
            "main_pct": digits(rate.main_pct),
            "discount_pct": digits(rate.discount_pct),
            "war_pct": digits(rate.war_pct),
        },
        "raw": {part.section.value: digits(part.raw) for part in parts},
        "net": {part.section.value: _amount(part.net) for part in parts},
        "tax_pct": {part.section.value: digits(part.tax_pct) for part in parts},
        "tax": {part.section.value: _amount(part.tax) for part in parts},
        "total": _amount(premium.gross),
        "commission": _amount(premium.commission),
        "tariff_version": premium.tariff_version,
    } | cargo


def of_refund(refund: Refund | Refusal) -> Answer:
    """Return the preview of a cancellation."""
    if isinstance(refund, Refusal):
        return of_refusal(refund)
    parts = refund.sections
    return {
        "decision": Decision.REFUND.value,
        "days_on_risk": refund.days_on_risk,
        "earned": {part.section.value: _amount(part.earned) for part in parts},
        "refund_net": {part.section.value: _amount(part.net) for part in parts},
        "refund_tax": {part.section.value: _amount(part.tax) for part in parts},
        "refund_total": _amount(refund.gross),
        "commission_reversed": _amount(refund.commission),
        "insurer_share_reversed": _amount(refund.insurers_share),
    }


def of_endorsement(change: Endorsement | Refusal) -> Answer:
    """Return the preview of a change; a section that ends is shown with a new net of zero."""
    if isinstance(change, Refusal):
        return of_refusal(change)
    parts, insured = change.sections, change.sum_insured
    return {
        "decision": Decision.ENDORSE.value,
        "sum_insured": whole(insured) if change.product is Product.CARGO else _amount(insured),
        "net": {part.section.value: _amount(part.new_net) for part in parts},
        "additional_net": {part.section.value: _amount(part.net) for part in parts},
        "additional_tax": {part.section.value: _amount(part.tax) for part in parts},
        "additional_total": _amount(change.gross),
        "commission": _amount(change.commission),
    }


def of_settlement(settlement: Settlement) -> Answer:
    """Return what a claim pays."""
    paid = bool(settlement.payable)
    decision = Decision.PAY if paid else Decision.NO_PAYMENT
    payee = {} if settlement.payee is None else {"payee": settlement.payee.value}
    return {"decision": decision.value, "payable": _amount(settlement.payable)} | payee
