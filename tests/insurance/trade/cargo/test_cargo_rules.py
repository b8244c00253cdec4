"""From a trader's shipment to the tariff's risk, and what its certificate would fail on."""

from dataclasses import fields
from datetime import date
from fractions import Fraction

import pytest

from insurance.offers.quotes.queries import goods_row
from insurance.rating.tariff.queries import Basis, Refusal, War, rate, shop_tariff_on
from insurance.trade.cargo import rules
from insurance.trade.cargo.stored import cargo_from, stored_answer, stored_cargo
from insurance.trade.clauses.queries import ClauseSet
from insurance.trade.documents_check.queries import Incoterm
from kernel.countries import HOUSE
from kernel.money import Money
from tests.insurance.trade.cargo.conftest import make_cargo

DAY = date(2026, 6, 1)


def priced(cargo, *, together=Fraction(0), euro=Fraction(1)):
    goods = goods_row(cargo.hs_code, DAY)
    risk = rules.risk_of(
        cargo,
        goods=goods.goods,
        is_perishable=goods.is_perishable,
        on=DAY,
        accumulation_eur=together,
    )
    return rate(risk=risk, tariff=shop_tariff_on(DAY, insurer_key="havre-cargo"), euro_rate=euro)


def reason(cargo, **asked):
    answer = priced(cargo, **asked)
    assert isinstance(answer, Refusal)
    return answer.decision.value, answer.reason.value


def failed(cargo, *, issued_on=DAY):
    price = priced(cargo)
    return [
        one.point
        for one in rules.checked(
            cargo,
            cif=price.cif,
            sum_insured=price.sum_insured,
            issued_on=issued_on,
            insurer="Havre Cargo Insurance NV",
        )
    ]


def test_a_tenth_above_cif_is_insured_at_the_rate_of_clauses_way_and_war():
    price = priced(make_cargo(war=War.WAR_STRIKES))

    assert price.sum_insured == Money.of("53350.00", "EUR")
    assert price.rate.main_pct == Fraction("0.33")
    assert price.rate.war_pct == Fraction("0.025")
    assert price.gross == Money.of("189.39", "EUR")


def test_the_published_vector_with_two_additions_comes_out_to_the_cent():
    cargo = make_cargo(
        value="10000.00",
        currency="USD",
        country="CN",
        clauses=ClauseSet.WPA,
        mode="LCL",
        additional=("TPND", "FWRD"),
    )

    assert priced(cargo).gross == Money.of("36.03", "USD")


def test_a_value_without_insurance_is_grossed_up_and_fob_takes_its_freight():
    cfr = make_cargo(basis=Basis.CFR, value="48000.00")
    fob = make_cargo(basis=Basis.FOB, value="46000.00", freight="2000.00")

    assert priced(cfr).cif == priced(fob).cif == Money.of("48174.87", "EUR")


@pytest.mark.parametrize(
    ("shipment", "told"),
    [
        ({"value": "250000.00"}, ("refer", "SI_OVER_AUTHORITY")),
        ({"departs_on": date(2026, 5, 31)}, ("refer", "LATE_ENTRY")),
        ({"hs_code": "030617"}, ("refer", "PERISHABLE")),
        ({"hs_code": "240220"}, ("decline", "EXCLUDED_GOODS")),
        ({"destination_country": "ZZ"}, ("refer", "ZONE")),
        ({"destination_country": "UA", "war": War.WAR_STRIKES}, ("decline", "WAR_SEVERE")),
        ({"country": "BG"}, ("decline", "COUNTRY_NOT_OFFERED")),
    ],
)
def test_the_gate_says_why_a_shipment_has_no_price(shipment, told):
    assert reason(make_cargo(**shipment)) == told


def test_what_travels_on_one_conveyance_is_counted_together():
    over = Fraction(2_000_000) + Fraction(1, 100)

    assert reason(make_cargo(), together=over) == ("refer", "ACCUMULATION")
    assert priced(make_cargo(), together=Fraction(2_000_000)).gross


def test_a_conveyance_is_one_however_its_name_is_typed():
    assert make_cargo(conveyance=" mv  YANGTZE star 612e").voyage == make_cargo().voyage
    assert make_cargo(departs_on=date(2026, 6, 11)).voyage != make_cargo().voyage


def test_the_worse_end_of_a_way_decides_zone_and_war_band():
    terms = rules.terms_on(DAY)

    assert (terms.zone("DE"), terms.zone("CN"), terms.zone("ZZ")) == ("Z1", "Z2", "Z4")
    assert terms.war_band(("DE", "CN")) == "Moderate"
    assert terms.war_band(("TR", "DE")) == "Elevated"
    assert terms.war_band(("YE", "TR")) == "Severe"


def test_no_country_stands_in_two_zones_or_bands():
    terms = rules.terms_on(DAY)
    for table in (terms.zones, terms.war_bands):
        named = [country for members in table.values() for country in members]
        assert len(named) == len(set(named))
    assert terms.source


def test_a_shipment_insured_as_its_incoterm_asks_fails_on_nothing():
    assert failed(make_cargo(clauses=ClauseSet.ICC_C)) == []
    assert failed(make_cargo(incoterm=Incoterm.FOB, uplift_pct="0", clauses=ClauseSet.FPA)) == []


@pytest.mark.parametrize(
    ("shipment", "points"),
    [
        ({"incoterm": Incoterm.CIP, "clauses": ClauseSet.ICC_C}, ["CIP A5"]),
        ({"uplift_pct": "0"}, ["CIF A5"]),
        ({"is_letter_of_credit": True, "credit_currency": "USD"}, ["28(f)(i)"]),
        ({"is_letter_of_credit": True, "credit_from": "Chengdu"}, ["28(f)(iii)"]),
        ({"is_letter_of_credit": True, "credit_wants_policy": True}, ["28(d)"]),
        ({"is_letter_of_credit": True, "credit_wants_no_deductible": True}, ["28(j)"]),
    ],
)
def test_what_a_buyer_or_a_bank_would_refuse_is_named_before_it_is_paid(shipment, points):
    assert failed(make_cargo(**shipment)) == points


def test_issued_after_departure_a_certificate_is_late():
    assert failed(make_cargo(is_letter_of_credit=True), issued_on=date(2026, 6, 11)) == ["28(e)"]


def test_irrespective_of_percentage_there_is_no_deductible():
    asked = {"is_letter_of_credit": True, "credit_wants_no_deductible": True}

    assert failed(make_cargo(deductible="IOP", **asked)) == []


def test_a_shipment_is_read_as_it_was_stored():
    cargo = make_cargo(additional=("TPND",), clauses=ClauseSet.ICC_B, war=War.STRIKES)
    stored = stored_cargo(cargo)

    assert set(stored) == {part.name for part in fields(cargo)} | {"currency"}
    assert cargo_from(stored) == cargo


def test_a_stored_price_says_that_the_least_premium_is_due():
    small = stored_answer(priced(make_cargo(value="1000.00")), Fraction(1))

    assert (small["net"], small["is_least"]) == (1500, True)
    assert stored_answer(priced(make_cargo()), Fraction(1))["is_least"] is False


def test_every_country_of_the_house_has_a_zone_of_its_own():
    terms = rules.terms_on(DAY)

    assert {code for code in HOUSE.files if terms.zone(code) == "Z4"} == {"EU"}
