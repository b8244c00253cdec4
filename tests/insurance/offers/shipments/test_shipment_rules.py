"""What is asked of a shipment, and what follows from the answers."""

from datetime import UTC, date, datetime

import pytest

from insurance.offers.quotes.queries import Cover
from insurance.offers.quotes.rules import class_of, rate_levels
from insurance.offers.shipments import rules
from insurance.offers.shipments.rules import Kind, Scan
from insurance.offers.shipments.words import KIND, WHY_NOT, why_not
from insurance.rating.liability.queries import Interest
from insurance.rating.tariff.house import shop_tariff_on
from insurance.rating.tariff.queries import Reason
from tests.insurance.offers.shipments.describing import described

DAY = date(2026, 6, 1)


def risk(**otherwise):
    return rules.risk_of(described(**otherwise), country="DE", is_scanned=False, on=DAY)


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (" jd 0146-0000 3rq ", "JD014600003RQ"),
        ("1Z.999/AA1.0123456784", "1Z999AA10123456784"),
        ("123456", "123456"),
        ("12345", None),
        ("ABCDEFGH", None),
        ("12345678é", None),
        ("1" * 36, None),
        ("1" * 35, "1" * 35),
    ],
)
def test_a_number_is_written_as_carriers_write_it(typed, number):
    assert rules.canonical_number(typed) == number


def test_one_parcel_has_one_name_whoever_insures_it():
    assert rules.parcel_ref("DHL", "JD014600003RQ") == "DHL-JD014600003RQ"


@pytest.mark.parametrize(
    ("kind", "goods", "is_perishable"),
    [
        (Kind.CLOTHES, "G1", False),
        (Kind.BOOKS, "G1", False),
        (Kind.HOME, "G2", False),
        (Kind.CERAMICS, "G5", False),
        (Kind.ELECTRONICS, "G3", False),
        (Kind.COMPUTERS, "G4", False),
        (Kind.PHONES, "G4", False),
        (Kind.JEWELLERY, "G4", False),
        (Kind.WATCHES, "G4", False),
        (Kind.INSTRUMENTS, "G2", False),
        (Kind.DRINKS, "G5", False),
        (Kind.FOOD, "G2", False),
        (Kind.FRESH, "G2", True),
        (Kind.VALUABLES, "G0", False),
        (Kind.ELSE, "G2", False),
    ],
)
def test_each_kind_is_rated_as_its_goods_are(kind, goods, is_perishable):
    row = class_of(risk(kind=kind).items, DAY, shop_tariff_on(DAY, insurer_key="havre-cargo"))

    assert (row.goods, row.is_perishable) == (goods, is_perishable)


def test_every_kind_and_every_reason_has_words():
    assert set(KIND) == set(Kind)
    assert set(WHY_NOT) - {"ADDS_NOTHING"} <= {reason.value for reason in Reason}
    assert why_not("WAR_SEVERE") == why_not("nothing that is known")


@pytest.mark.parametrize(
    ("interest", "is_business", "sold"),
    [
        (Interest.CONSUMER, False, [Cover.STD, Cover.PLUS]),
        (Interest.BUSINESS, True, list(Cover)),
        (Interest.PRIVATE, False, list(Cover)),
        (Interest.SENDER, False, list(Cover)),
    ],
)
def test_who_sold_it_decides_which_levels_add_something(interest, is_business, sold):
    asked = risk(interest=interest)

    assert asked.is_business is is_business
    by = dict.fromkeys(Cover, shop_tariff_on(DAY, insurer_key="havre-cargo"))
    assert [cover for cover in Cover if cover in rate_levels(asked, DAY, 1, by)] == sold


def test_a_way_lasts_as_long_as_its_service_takes():
    days = {mode: risk(mode=mode).planned_days for mode in rules.Mode}

    assert days == {"EXP": 7, "TRK": 14, "POST": 28}


def test_a_carrier_has_a_parcel_from_its_first_scan_and_not_from_its_label():
    label, first, later = (
        Scan("labelled", datetime(2026, 6, 1, tzinfo=UTC), "Osaka"),
        Scan("accepted", datetime(2026, 6, 2, tzinfo=UTC), "Osaka"),
        Scan("delivered", datetime(2026, 6, 9, tzinfo=UTC), "Berlin"),
    )

    assert rules.first_scan([later, first, label]) == first
    assert rules.first_scan([label]) is None
    assert rules.word_of([label, first, later], "delivered") == later
    assert rules.word_of([label, first], "delivered") is None


def test_prices_stand_two_days():
    assert rules.terms_on(DAY).lifetime.total_seconds() == 48 * 3600
