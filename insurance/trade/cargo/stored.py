"""A shipment and its price as plain values, and back."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Any

from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import Basis, Decision, Premium, Reason, Refusal, War
from insurance.trade.cargo.rules import Cargo
from insurance.trade.clauses.queries import ClauseSet
from insurance.trade.documents_check.queries import Incoterm
from kernel.money import Money

_ENUMS: dict[str, type[StrEnum]] = {
    "basis": Basis,
    "incoterm": Incoterm,
    "clauses": ClauseSet,
    "war": War,
}
_AMOUNTS = ("value", "freight")


def stored_cargo(cargo: Cargo) -> dict[str, Any]:
    """Return a shipment as values to store."""
    plain = {part.name: getattr(cargo, part.name) for part in fields(cargo)}
    return plain | {
        "currency": cargo.currency,
        "value": cargo.value.minor,
        "freight": cargo.freight.minor,
        "additional": list(cargo.additional),
        "departs_on": cargo.departs_on.isoformat(),
    }


def cargo_from(raw: dict[str, Any]) -> Cargo:
    """Return a shipment from its stored values."""
    plain = {name: value for name, value in raw.items() if name != "currency"}
    read = {name: kind(raw[name]) for name, kind in _ENUMS.items()}
    amounts = {name: Money(raw[name], raw["currency"]) for name in _AMOUNTS}
    others = {
        "additional": tuple(raw["additional"]),
        "departs_on": date.fromisoformat(raw["departs_on"]),
    }
    return Cargo(**plain | read | amounts | others)


def stored_lift(
    *, reasons: Iterable[Reason], surcharge_pct: int, together_eur: Fraction
) -> dict[str, Any]:
    """Return what an underwriter lifted as values to store, beside the price."""
    return {
        "lifted": {
            "reasons": [reason.value for reason in reasons],
            "surcharge_pct": surcharge_pct,
            "together_eur": str(together_eur),
        }
    }


def stored_change(
    premium: Premium, rate: Fraction, *, tax: Money, commission: Money
) -> dict[str, Any]:
    """Return the price of a changed shipment as values to store.

    Shape: tax and commission are what was really paid by then, each step rounded by itself.
    """
    return stored_answer(premium, rate) | {"tax": tax.minor, "commission": commission.minor}


def stored_answer(answer: Premium | Refusal, euro_rate: Fraction | None) -> dict[str, Any]:
    """Return what the tariff answered as values to store; insured_eur is up to the cent."""
    if isinstance(answer, Refusal):
        return {"decision": answer.decision.value, "reason": answer.reason.value}
    assert answer.cif is not None, "cargo has a value"
    assert euro_rate is not None, "what is sold has a rate"
    (part,) = answer.sections
    insured_eur = Money.rounded(answer.sum_insured.exact * euro_rate, "EUR")
    return {
        "decision": Decision.QUOTE.value,
        "cif": answer.cif.minor,
        "sum_insured": answer.sum_insured.minor,
        "insured_eur": str(insured_eur.amount),
        "main_pct": tariff.digits(answer.rate.main_pct),
        "war_pct": tariff.digits(answer.rate.war_pct),
        "is_least": part.net > Money.rounded(part.raw, part.net.currency),
        "net": part.net.minor,
        "tax": part.tax.minor,
        "tax_pct": tariff.digits(part.tax_pct),
        "commission": part.commission.minor,
    }
