"""What must hold for every risk, whatever the figures."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from insurance.rating.tariff import rules
from insurance.rating.tariff.amounts import digits, exact
from insurance.rating.tariff.facts import (
    Basis,
    CargoValue,
    DelayRider,
    Endorsement,
    Item,
    Premium,
    Product,
    Reason,
    Refund,
    Refusal,
    Risk,
    RiskPeriod,
)
from insurance.rating.tariff.losses import ParcelDamage, Payee, TotalLoss, settle
from insurance.rating.tariff.tables import Verdict, published, tariff_on
from kernel.money import Money

TARIFF = tariff_on(date(2026, 6, 1))
ONE = Fraction(1)
START = datetime(2026, 6, 1, 9, tzinfo=UTC)


def make_parcel(**overrides):
    risk = Risk(
        product=Product.PARCEL,
        cover="STD",
        currency="EUR",
        country="DE",
        is_business=False,
        origin="CN",
        destination="DE",
        bound_on=date(2026, 6, 1),
        mode="TRK",
        goods="G2",
        deductible="0",
        items=(Item(value=Fraction(100)),),
    )
    return replace(risk, **overrides)


def make_cargo(**overrides):
    risk = Risk(
        product=Product.CARGO,
        cover="B",
        currency="EUR",
        country="DE",
        is_business=True,
        origin="CN",
        destination="DE",
        bound_on=date(2026, 6, 1),
        mode="FCL",
        goods="G2",
        deductible="0.5",
        value=CargoValue(basis=Basis.CIF, amount=Fraction(10_000)),
        uplift_pct=Fraction(10),
        zones=("Z1", "Z2"),
    )
    return replace(risk, **overrides)


cents = st.integers(min_value=1, max_value=900_000).map(lambda minor: Fraction(minor, 100))
parcels = st.builds(
    lambda value, freight, cover, mode, goods, deductible, country, rider: make_parcel(
        items=(Item(value=value),),
        freight=freight,
        cover=cover,
        mode=mode,
        goods=goods,
        deductible=deductible,
        country=country,
        destination=country,
        delay=DelayRider(trigger_days=rider, benefit=Fraction(20)) if rider else None,
    ),
    cents,
    st.integers(0, 9999).map(lambda minor: Fraction(minor, 100)),
    st.sampled_from(["TL", "STD", "PLUS"]),
    st.just("TRK"),
    st.sampled_from(["G1", "G2", "G3", "G5"]),
    st.sampled_from(["0", "25", "50", "100"]),
    st.sampled_from(["DE", "GB", "BE", "NL"]),
    st.sampled_from([None, 3, 7]),
)


def priced(risk) -> Premium:
    premium = rules.rate(risk=risk, tariff=TARIFF, euro_rate=ONE)
    assert isinstance(premium, Premium)
    return premium


@given(parcels)
def test_what_is_paid_is_premium_and_tax_and_never_below_the_minimum(risk):
    premium = priced(replace(risk, items=(Item(value=min(risk.items[0].value, Fraction(2000))),)))

    assert premium.gross == premium.net + premium.tax
    assert premium.sections[0].net >= Money.of("0.50", "EUR")
    assert Money.zero("EUR") <= premium.commission <= premium.net


@given(parcels, cents)
def test_more_value_never_costs_less(risk, more):
    dearer = replace(risk, items=(*risk.items, Item(value=more)))
    prices = [
        rules.rate(risk=each, tariff=TARIFF, euro_rate=Fraction(1, 100)) for each in (risk, dearer)
    ]

    assert prices[0].gross <= prices[1].gross


@given(parcels)
def test_wider_cover_never_costs_less(risk):
    prices = [
        rules.rate(risk=replace(risk, cover=cover), tariff=TARIFF, euro_rate=Fraction(1, 100))
        for cover in ("TL", "STD", "PLUS")
    ]

    assert prices[0].gross <= prices[1].gross <= prices[2].gross


@given(parcels, st.integers(1, 40), st.integers(0, 14 * 24 * 3600))
def test_a_refund_and_what_is_kept_are_what_was_paid(risk, planned_days, seconds):
    period = RiskPeriod(
        bound_at=START,
        attached_at=START,
        planned_days=planned_days,
        at=START + timedelta(seconds=seconds),
    )
    refund = rules.refund(policy=risk, period=period, tariff=TARIFF)
    premium = rules.rate(risk=risk, tariff=TARIFF, euro_rate=Fraction(1, 100))

    assert isinstance(refund, Refund)
    assert 1 <= refund.days_on_risk <= planned_days
    assert refund.net + refund.earned == premium.net
    assert refund.commission + refund.earned_commission == premium.commission
    assert Money.zero(refund.currency) <= refund.gross <= premium.gross
    assert refund.insurers_share + refund.commission == refund.net


@given(parcels, cents)
def test_a_change_and_its_opposite_cancel(risk, value):
    other = replace(risk, items=(Item(value=value),))
    there, back = (
        rules.endorse(policy=old, changed=new, tariff=TARIFF, euro_rate=Fraction(1, 100))
        for old, new in ((risk, other), (other, risk))
    )

    assert isinstance(there, Endorsement)
    assert isinstance(back, Endorsement)
    assert there.gross == -back.gross
    assert there.commission == -back.commission


@given(st.integers(1, 200_000).map(Fraction), st.sampled_from(["A", "B", "C"]))
def test_a_grossed_up_cargo_value_insures_its_own_premium(cfr, cover):
    risk = make_cargo(value=CargoValue(basis=Basis.CFR, amount=cfr), cover=cover)
    premium = priced(risk)

    # A whole unit of the sum insured costs less than a cent, the rounding at most half of one.
    assert premium.cif is not None
    assert abs(premium.cif.minor - (Money.of(int(cfr), "EUR") + premium.gross).minor) <= 2


@given(st.sets(st.sampled_from(["TPND", "FWRD", "BREAKAGE"])), st.sampled_from(["B", "C"]))
def test_named_perils_with_additions_never_cost_more_than_all_risks(additional, cover):
    named = make_cargo(cover=cover, additional=frozenset(additional))

    assert priced(named).rate.main_pct <= priced(make_cargo(cover="A")).rate.main_pct


@given(cents, cents, st.sampled_from(["G2", "G5"]))
def test_a_claim_never_pays_less_than_nothing(insured, loss, goods):
    damage = ParcelDamage(
        currency="EUR", sum_insured=insured, goods=goods, deductible=Fraction(25), loss=loss
    )

    assert settle(damage, TARIFF).payable >= Money.zero("EUR")


def test_the_payee_is_a_question_only_when_something_is_paid():
    gone = TotalLoss(
        currency="EUR",
        sum_insured=Fraction(50),
        deductible=Fraction(0),
        carrier_paid=Fraction(50),
        is_refunded_by_seller=True,
    )

    assert settle(gone, TARIFF).payee is None
    assert settle(replace(gone, carrier_paid=Fraction(49)), TARIFF).payee is Payee.SELLER


def test_a_limit_in_euro_without_a_rate_is_an_error_not_a_guess():
    with pytest.raises(ValueError, match="no rate EUR/EUR"):
        rules.rate(risk=make_parcel(), tariff=TARIFF, euro_rate=None)


def test_a_policy_whose_tariff_cell_has_no_price_gets_no_preview():
    period = RiskPeriod(bound_at=START, attached_at=None, planned_days=5, at=START)

    refund = rules.refund(policy=make_cargo(zones=("Z4", "Z1")), period=period, tariff=TARIFF)

    assert isinstance(refund, Refusal)
    assert refund.reason is Reason.ZONE


def test_a_policy_whose_tariff_cell_has_no_price_is_not_changed_either():
    unpriced = make_cargo(zones=("Z4", "Z1"))

    change = rules.endorse(policy=unpriced, changed=make_cargo(), tariff=TARIFF, euro_rate=None)

    assert isinstance(change, Refusal)
    assert change.reason is Reason.ZONE


def test_a_referred_risk_that_was_accepted_still_has_its_refund():
    big = make_cargo(value=CargoValue(basis=Basis.CIF, amount=Fraction(900_000)))
    period = RiskPeriod(bound_at=START, attached_at=None, planned_days=5, at=START)

    refund = rules.refund(policy=big, period=period, tariff=TARIFF)

    assert isinstance(refund, Refund)
    assert refund.gross == Money.of("1960.20", "EUR")  # 990,000 × 0.18 × 1.10 per cent


@pytest.mark.parametrize(
    ("value", "text"),
    [(Fraction(7), "7"), (Fraction(7, 10), "0.7"), (Fraction(-3, 8), "-0.375"), (Fraction(0), "0")],
)
def test_exact_numbers_show_all_their_digits(value, text):
    assert digits(value) == text


def test_a_number_that_does_not_end_is_not_cut():
    with pytest.raises(ValueError, match="does not end"):
        digits(Fraction(1, 3))


@pytest.mark.parametrize(
    "text", ["", "-1", "+1", "1.", ".5", "1e3", "NaN", "1,5", 1, 1.5, None, True]
)
def test_only_plain_decimal_strings_are_numbers(text):
    with pytest.raises(ValueError, match="plain decimal"):
        exact(text)


def test_every_published_tariff_prices_all_its_covers():
    for tariff in published():
        for product, table in tariff.base_pct.items():
            assert {"A", "B", "C"} == set(table) or {"TL", "STD", "PLUS"} == set(table), product
            assert Verdict.REFER not in table.values()
        assert all(row.rate_pct < 100 for row in tariff.tax_rows)


def test_before_the_first_tariff_nothing_is_in_force():
    with pytest.raises(LookupError):
        tariff_on(date(2025, 12, 31))
