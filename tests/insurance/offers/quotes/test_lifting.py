"""What a referred risk costs as if the gate had let it through."""

from dataclasses import replace
from datetime import date
from fractions import Fraction

import pytest

from insurance.offers.quotes import rules
from insurance.offers.quotes.lifting import lift, lifted_levels
from insurance.offers.quotes.queries import Cover
from insurance.rating.tariff.queries import (
    Basis,
    CargoValue,
    Decision,
    History,
    Premium,
    Product,
    Reason,
    Risk,
    War,
    rate,
    shop_tariff_on,
)
from kernel.money import Money
from tests.insurance.conftest import make_risk

DAY = date(2026, 6, 1)
TARIFF = shop_tariff_on(DAY, insurer_key="havre-cargo")


def cargo(**otherwise):
    fields = {
        "product": Product.CARGO,
        "cover": "A",
        "currency": "EUR",
        "country": "DE",
        "is_business": True,
        "origin": "CN",
        "destination": "DE",
        "bound_on": DAY,
        "mode": "FCL",
        "goods": "G2",
        "deductible": "0.5",
        "value": CargoValue(basis=Basis.CIF, amount=Fraction(48_500)),
        "uplift_pct": Fraction(10),
        "zones": ("Z2", "Z1"),
    }
    return Risk(**fields | otherwise)


def lifted(risk, **asked):
    return lift(risk, TARIFF, euro_rate=Fraction(1), **asked)


def test_what_the_gate_lets_through_costs_what_it_costs():
    risk = cargo()

    found = lifted(risk)

    assert found.reasons == ()
    assert found.answer == rate(risk=risk, tariff=TARIFF, euro_rate=Fraction(1))


@pytest.mark.parametrize(
    ("otherwise", "reason"),
    [
        ({"accumulation_eur": Fraction(2_000_001)}, Reason.ACCUMULATION),
        ({"is_perishable": True}, Reason.PERISHABLE),
        ({"has_departed": True}, Reason.LATE_ENTRY),
    ],
)
def test_what_is_referred_for_more_than_its_price_costs_the_same_without_the_limit(
    otherwise, reason
):
    found = lifted(cargo(**otherwise))

    assert found.reasons == (reason,)
    assert found.answer == lifted(cargo()).answer


def test_every_limit_that_is_passed_is_named_in_the_gates_order():
    found = lifted(
        cargo(
            value=CargoValue(basis=Basis.CIF, amount=Fraction(300_000)),
            uplift_pct=Fraction(40),
            is_perishable=True,
        )
    )

    assert found.reasons == (
        Reason.SI_OVER_AUTHORITY,
        Reason.UPLIFT_OVER_LIMIT,
        Reason.PERISHABLE,
    )
    assert found.answer.sum_insured == Money.of("420000.00", "EUR")


def test_a_bad_year_keeps_its_factor_and_loses_only_its_referral():
    bad = History(policies=30, loss_ratio_pct=Fraction(150))

    found = lifted(cargo(history=bad))

    assert found.reasons == (Reason.LOSS_RATIO,)
    assert found.answer.rate.main_pct == lifted(cargo()).answer.rate.main_pct * Fraction("1.5")


def test_where_the_tables_hold_no_price_there_is_none():
    nowhere = lifted(cargo(zones=("Z4", "Z1"), is_perishable=True))
    war = lifted(cargo(war=War.WAR_STRIKES, war_band="Very High"))

    assert (nowhere.answer.decision, nowhere.answer.reason) == (Decision.REFER, Reason.ZONE)
    assert nowhere.reasons == (Reason.PERISHABLE, Reason.ZONE)
    assert war.answer.reason is Reason.WAR_VERY_HIGH
    barred = lifted(cargo(is_sanctioned=True))
    assert (barred.answer.decision, barred.reasons) == (Decision.DECLINE, (Reason.SANCTIONED,))


def test_a_surcharge_is_on_the_rate_and_leaves_war_alone():
    plain = lifted(cargo(war=War.WAR_STRIKES, war_band="Elevated")).answer
    dearer = lifted(
        cargo(war=War.WAR_STRIKES, war_band="Elevated"), surcharge_pct=Fraction(25)
    ).answer

    assert dearer.rate.total_pct == plain.rate.main_pct * Fraction("1.25") + plain.rate.war_pct
    assert dearer.sum_insured == plain.sum_insured


def test_a_surcharge_stands_on_what_is_left_of_a_rate_without_the_loss():
    part = replace(
        rules.risk_of(make_risk(value="15000.00"), Cover.PLUS, DAY, TARIFF),
        discount_pct=Fraction(40),
    )

    plain, dearer = lifted(part).answer, lifted(part, surcharge_pct=Fraction(50)).answer

    assert dearer.rate.total_pct == plain.rate.total_pct * Fraction("1.5")


def test_every_level_of_a_referred_parcel_has_its_price():
    risk = make_risk(value="15000.00", hs_code="0709")

    found = lifted_levels(risk, DAY, Fraction(1), surcharge_pct=Fraction(0))

    assert found.reasons == (Reason.SI_OVER_AUTHORITY, Reason.PERISHABLE)
    assert all(isinstance(found.answers[cover], Premium) for cover in Cover)
