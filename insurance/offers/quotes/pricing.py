"""What a parcel costs at every level, each by the tariff of its insurer, as values to store."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from typing import Any

from insurance.offers.quotes import rules
from insurance.offers.quotes.insurers import sellers_of
from insurance.offers.quotes.rules import Cover, ParcelRisk
from insurance.rating.tariff import queries as tariff
from insurance.rating.tariff.queries import Section, SectionPremium
from kernel.money import Money


def rated(
    risk: ParcelRisk,
    day: date,
    euro_rate: Fraction | None,
    *,
    answers: Mapping[Cover, tariff.Premium | tariff.Refusal] | None = None,
) -> dict[str, Any]:
    """Return every level and the rider as stored values.

    A delay is sold beside every level at one price, so not where insurers of the levels differ.
    Shape: answers are what was worked out otherwise than by the tariff alone.
    """
    sellers = sellers_of(country=risk.policyholder_country, day=day)
    sold = {cover: one.of for cover, one in sellers.items()}
    answers = rules.rate_levels(risk, day, euro_rate, sold) if answers is None else answers
    adds_nothing = {"decision": tariff.Decision.DECLINE.value, "reason": rules.ADDS_NOTHING}
    goods = {of: rules.class_of(risk.items, day, of).goods for of in set(sold.values())}
    stored: dict[str, Any] = {cover.value: adds_nothing for cover in Cover}
    riders: list[dict[str, Any] | None] = []
    for cover, answer in answers.items():
        if isinstance(answer, tariff.Refusal):
            stored[cover] = {"decision": answer.decision.value, "reason": answer.reason.value}
            continue
        of = sold[cover]
        prices = {part.section: _price(part) for part in answer.sections}
        share = rules.damage_share_pct(goods=goods[of], cover=cover, of=of)
        stored[cover] = {
            "decision": "quote",
            "insurer": sellers[cover].insurer.key,
            "tariff": of.version,
            "sum_insured": answer.sum_insured.minor,
            "deductible": Money.of(risk.deductible, risk.currency).minor,
            "damage_share_pct": tariff.digits(share) if share else None,
            "perils": rules.sold_perils(cover=cover, interest=risk.interest, day=day),
            "price": prices[Section.LOSS],
        }
        riders.append(_stored_rider(rules.rider_of(risk, day, of), prices, risk.currency))
    is_one = bool(riders) and all(rider == riders[0] for rider in riders)
    return stored | {"rider": riders[0] if is_one else None}


def _stored_rider(
    rider: tariff.DelayRider | None, prices: Mapping[Section, dict[str, Any]], currency: str
) -> dict[str, Any] | None:
    if rider is None or Section.DELAY not in prices:
        return None
    return {
        "trigger_days": rider.trigger_days,
        "benefit": Money.rounded(rider.benefit, currency).minor,
        "price": prices[Section.DELAY],
    }


def _price(part: SectionPremium) -> dict[str, Any]:
    return {
        "net": part.net.minor,
        "tax": part.tax.minor,
        "tax_pct": tariff.digits(part.tax_pct),
        "commission": part.commission.minor,
    }
