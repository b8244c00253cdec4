"""Worked cases whose figures everybody knows: what a new tariff would make of them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import Any

from insurance.rating.tariff.queries import (
    Basis,
    CargoValue,
    DelayRider,
    History,
    Item,
    Product,
    Refusal,
    Risk,
    Tariff,
    War,
    rate,
)

_FILE = Path(__file__).parent / "data" / "vectors.json"
_FRACTIONS = ("freight", "prepaid_duty", "uplift_pct", "discount_pct", "flat_rate_pct")


@dataclass(frozen=True, slots=True, kw_only=True)
class Vector:
    """A worked case. Units: euro_rate in euro per unit of its currency."""

    id: str
    title: str
    euro_rate: Fraction | None
    risk: Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """A worked case that another tariff answers otherwise.

    Shape: before and after are a premium with tax and its currency, or a refusal's reason.
    """

    id: str
    title: str
    before: str
    after: str


@cache
def vectors() -> tuple[Vector, ...]:
    """Return the worked cases of the reference that ask for a price, in its order."""
    return tuple(
        Vector(
            id=raw["id"],
            title=raw["title"],
            euro_rate=None if raw["euro_rate"] is None else Fraction(raw["euro_rate"]),
            risk=raw["risk"],
        )
        for raw in json.loads(_FILE.read_text(encoding="utf-8"))
    )


def moved(old: Tariff, new: Tariff, *, on: date) -> tuple[Moved, ...]:
    """Return the cases that two tariffs answer otherwise when they are bound on a day."""
    return tuple(
        Moved(id=one.id, title=one.title, before=before, after=after)
        for one in vectors()
        if (before := answer(one, old, on=on)) != (after := answer(one, new, on=on))
    )


def answer(vector: Vector, of: Tariff, *, on: date) -> str:
    """Return what a case costs by a tariff on a day, or why it is refused."""
    said = rate(risk=_risk(vector.risk, on), tariff=of, euro_rate=vector.euro_rate)
    if isinstance(said, Refusal):
        return said.reason.value
    return f"{said.gross.amount} {said.currency}"


def _risk(raw: Mapping[str, Any], on: date) -> Risk:
    facts = dict(raw) | {key: Fraction(raw[key]) for key in _FRACTIONS if key in raw}
    facts |= {"product": Product(raw["product"]), "bound_on": on}
    facts["items"] = tuple(_item(item) for item in raw.get("items", ()))
    facts["zones"] = tuple(raw.get("zones", ()))
    facts["additional"] = frozenset(raw.get("additional", ()))
    facts["war"] = War(raw.get("war", War.NONE))
    if "accumulation_eur" in raw:
        facts["accumulation_eur"] = Fraction(raw["accumulation_eur"])
    if "value" in raw:
        facts["value"] = _value(raw["value"])
    if "history" in raw:
        facts["history"] = History(
            policies=raw["history"]["policies"],
            loss_ratio_pct=Fraction(raw["history"]["loss_ratio_pct"]),
        )
    if "delay" in raw:
        facts["delay"] = DelayRider(
            trigger_days=raw["delay"]["trigger_days"], benefit=Fraction(raw["delay"]["benefit"])
        )
    return Risk(**facts)


def _item(raw: Mapping[str, str]) -> Item:
    listed = raw.get("listing_value")
    return Item(value=Fraction(raw["value"]), listing_value=Fraction(listed) if listed else None)


def _value(raw: Mapping[str, str]) -> CargoValue:
    return CargoValue(
        basis=Basis(raw["basis"]),
        amount=Fraction(raw["amount"]),
        freight=Fraction(raw.get("freight", "0")),
    )
