"""One price everywhere: levels, rider, goods classes, and who owns which part."""

import time
from datetime import date
from fractions import Fraction

import pytest

from benchmarks import cart_quote
from insurance import api as cover
from insurance.offers.quotes import queries, rules
from insurance.offers.quotes.errors import LevelNotOffered, QuoteUnknown, RiderNotOffered
from insurance.rating.liability.queries import Cause, Gain, Interest
from insurance.rating.tariff.queries import shop_tariff_on
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money, total
from tests.insurance.conftest import make_rate, make_risk

DAY = date(2026, 6, 1)
# Processor time of a quote of twenty lines, in plain pages; half of it was measured.
MOST_PLAIN_PAGES = 12


@pytest.mark.parametrize(
    ("hs_code", "goods"),
    [
        ("610910", "G1"),
        ("490199", "G1"),
        ("732399", "G2"),
        ("8471410000", "G3"),
        ("847130", "G4"),
        ("851713", "G4"),
        ("851830", "G3"),
        ("910211", "G4"),
        ("691110", "G5"),
        ("701349", "G5"),
        ("930200", "G0"),
        ("240210", "G0"),
        ("490700", "G0"),
        ("420292", "G2"),
    ],
)
def test_the_longest_prefix_names_the_goods_class(hs_code, goods):
    assert rules.goods_row(hs_code, DAY).goods == goods


def test_before_the_first_row_there_is_no_class():
    with pytest.raises(ValueError, match="empty"):
        rules.goods_row("610910", date(2025, 12, 31))


def item(hs_code, value="10.00"):
    return cover.InsuredItem(description="Thing", hs_code=hs_code, value=Money.of(value, "EUR"))


@pytest.mark.parametrize(
    ("codes", "goods"),
    [
        (("610910", "732399"), "G2"),
        (("610910", "691110", "847130"), "G5"),
        (("691110", "930200"), "G0"),
    ],
)
def test_a_mixed_parcel_is_rated_by_its_most_endangered_thing(codes, goods):
    found = rules.class_of(
        [item(code) for code in codes], DAY, shop_tariff_on(DAY, insurer_key="havre-cargo")
    )

    assert found.goods == goods


def test_fresh_goods_are_seen_by_a_human_first(db, clock):
    clock("2026-06-01T09:00")
    with reading():
        estimate = cover.estimate_parcel(risk=make_risk(items=(item("080810"), item("610910"))))

    assert {level.reason for level in estimate.levels} == {"PERISHABLE"}
    assert not estimate.is_offered


def test_three_levels_and_a_rider_are_priced_side_by_side(db, clock):
    clock("2026-06-01T09:00")
    quote = cover.quote_parcel(risk=make_risk(), subject="P-1", actor=SYSTEM)

    # 128.00 × 0.45, 0.70, 0.95 × 1.45 per cent
    assert [level.price.net.minor for level in quote.levels] == [84, 130, 176]
    assert [level.cover for level in quote.levels] == list(cover.Cover)
    assert quote.rider.trigger_days == 7
    assert quote.rider.price.total == Money.of("0.56", "EUR")  # 10 × 3.5 % × 1.35 = 0.47 + 19 %
    assert {level.insurer for level in quote.levels} == {"Havre Cargo Insurance NV"}


def test_an_estimate_and_a_quote_of_the_same_minute_agree(db, clock):
    clock("2026-06-01T09:00")
    with reading():
        estimate = cover.estimate_parcel(risk=make_risk())
    quote = cover.quote_parcel(risk=make_risk(), subject="P-1", actor=SYSTEM)

    assert (estimate.levels, estimate.rider) == (quote.levels, quote.rider)


def test_the_same_question_gets_the_standing_quote(db, clock):
    clock("2026-06-01T09:00")
    first = cover.quote_parcel(risk=make_risk(), subject="P-1", actor=SYSTEM)
    clock("2026-06-01T09:29")
    again = cover.quote_parcel(risk=make_risk(), subject="P-1", actor=SYSTEM)
    changed = cover.quote_parcel(risk=make_risk(value="121.00"), subject="P-1", actor=SYSTEM)
    clock("2026-06-01T09:30")
    renewed = cover.quote_parcel(risk=make_risk(), subject="P-1", actor=SYSTEM)

    assert again == first
    assert len({first.id, changed.id, renewed.id}) == 3
    assert first.is_expired
    with reading():
        assert cover.quote_of(quote_id=first.id).levels == renewed.levels


def test_premium_tax_depends_on_who_insures(db, clock):
    clock("2026-06-01T09:00")
    british = {"currency": "EUR", "policyholder_country": "GB", "destination_country": "GB"}
    with reading():
        consumer = cover.estimate_parcel(risk=make_risk(**british))
        business = cover.estimate_parcel(risk=make_risk(is_business=True, **british))

    assert consumer.level(cover.Cover.STD).price.tax_pct == "12"
    assert business.level(cover.Cover.STD).price.tax_pct == "0"
    assert business.rider.price.tax_pct == "12"


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        ({"policyholder_country": "IS"}, "COUNTRY_NOT_OFFERED"),
        ({"is_tracked": False}, "UNTRACKED_SERVICE"),
        ({"is_already_scanned": True}, "ALREADY_IN_TRANSIT"),
        ({"is_sanctioned": True}, "SANCTIONED"),
        ({"hs_code": "930200"}, "EXCLUDED_GOODS"),
        ({"value": "10001.00"}, "SI_OVER_AUTHORITY"),
        ({"currency": "ISK"}, "CURRENCY_NOT_OFFERED"),
    ],
)
def test_a_gate_that_says_no_names_its_reason_and_sells_nothing(db, clock, change, reason):
    clock("2026-06-01T09:00")
    quote = cover.quote_parcel(risk=make_risk(**change), subject="P-1", actor=SYSTEM)

    assert {level.reason for level in quote.levels} == {reason}
    with reading(), pytest.raises(LevelNotOffered):
        cover.premium_credits(quote_id=quote.id, cover=cover.Cover.STD)


def test_a_currency_without_a_rate_today_has_no_cover_and_stops_no_purchase(db, clock):
    clock("2026-06-01T09:00")
    dinars = {"currency": "KWD", "value": "12.000", "freight": "1.000"}

    without = cover.quote_parcel(risk=make_risk(**dinars), subject="P-1", actor=SYSTEM)
    make_rate("KWD", "0.33")
    priced = cover.quote_parcel(risk=make_risk(**dinars), subject="P-2", actor=SYSTEM)

    assert {level.reason for level in without.levels} == {"CURRENCY_NOT_OFFERED"}
    assert priced.level(cover.Cover.TL).price.net == Money.of("0.150", "KWD")


def test_no_delay_cover_is_sold_in_yen():
    risk = make_risk(
        currency="JPY",
        value="30000",
        freight="1200",
        policyholder_country="JP",
        destination_country="JP",
    )
    risk_rated = rules.rate_levels(
        risk,
        DAY,
        Fraction("0.0059"),
        dict.fromkeys(rules.Cover, shop_tariff_on(DAY, insurer_key="havre-cargo")),
    )

    assert rules.rider_of(risk, DAY, shop_tariff_on(DAY, insurer_key="havre-cargo")) is None
    assert [str(part.section) for part in risk_rated[rules.Cover.STD].sections] == ["LOSS"]


def test_the_legs_of_a_premium_name_every_owner(db, clock):
    clock("2026-06-01T09:00")
    quote = cover.quote_parcel(
        risk=make_risk(
            origin_country="DE",
            value="249.00",
            freight="6.90",
            mode=cover.Mode.EXP,
            hs_code="851830",
        ),
        subject="P-1",
        actor=SYSTEM,
    )
    with reading():
        dues = cover.premium_credits(quote_id=quote.id, cover=cover.Cover.STD)

    assert [(due.kind, due.key, due.amount.minor) for due in dues] == [
        ("premium_payable", "havre-cargo", 152),
        ("agency_commission_deferred", "havre-cargo", 38),
        ("premium_tax_payable", "DE", 36),
    ]
    price = quote.level(cover.Cover.STD).price
    assert total([due.amount for due in dues], "EUR") == price.total


def test_a_rider_that_is_not_offered_is_not_charged(db, clock):
    clock("2026-06-01T09:00")
    make_rate("JPY", "169.5")
    quote = cover.quote_parcel(
        risk=make_risk(
            currency="JPY",
            value="30000",
            freight="1200",
            policyholder_country="JP",
            destination_country="JP",
        ),
        subject="P-1",
        actor=SYSTEM,
    )
    with reading(), pytest.raises(RiderNotOffered):
        cover.premium_credits(quote_id=quote.id, cover=cover.Cover.STD, with_delay=True)


def test_limits_are_tested_in_euro_at_the_banks_rate(db, clock):
    clock("2026-06-01T09:00")
    make_rate("GBP", "0.8000")
    british = {"currency": "GBP", "freight": "0.00"}
    at, over = (
        cover.quote_parcel(risk=make_risk(value=value, **british), subject="P-1", actor=SYSTEM)
        for value in ("8000.00", "8000.01")
    )

    assert at.is_offered
    assert {level.reason for level in over.levels} == {"SI_OVER_AUTHORITY"}


def test_an_unknown_quote_is_not_found(db):
    with reading(), pytest.raises(QuoteUnknown):
        cover.quote_of(quote_id=new_id())


def test_twenty_parcels_are_quoted_with_one_statement(db, clock):
    from kernel.db import counting_queries

    clock("2026-06-01T09:00")
    with counting_queries() as count, reading():
        for _ in range(20):
            cover.estimate_parcel(risk=make_risk())

    assert len(count) == 1  # the tariff of the day, once for the process


def test_twenty_lines_are_quoted_within_their_ratio(client, clock):
    clock("2026-06-01T09:00")

    taken = cart_quote.measure(client, runs=20, watch=time.process_time)

    # Milliseconds stand in docs/benchmarks.md; a plain page meets the same machine.
    assert taken.ratio < MOST_PLAIN_PAGES


def test_a_level_says_what_it_adds_for_who_buys(db, clock):
    clock("2026-06-01T09:00")
    with reading():
        of_consumer = cover.estimate_parcel(risk=make_risk(interest=Interest.CONSUMER))
        of_sender = cover.estimate_parcel(risk=make_risk(interest=Interest.SENDER))

    assert [level.gains for level in of_consumer.levels] == [
        {},
        {Cause.DAMAGE: Gain.KEEPS},
        {Cause.DAMAGE: Gain.KEEPS, Cause.MISSING: Gain.KEEPS, Cause.THEFT: Gain.PAYS},
    ]
    assert of_sender.level(cover.Cover.TL).gains == {Cause.LOST: Gain.PAYS}


def test_a_quote_remembers_who_buys_and_one_of_before_was_for_a_consumer(db, clock):
    clock("2026-06-01T09:00")
    risk = make_risk(interest=Interest.BUSINESS)
    quote = cover.quote_parcel(risk=risk, subject="P-1", actor=SYSTEM)
    stored = queries.stored_parcel(risk)
    of_before = {key: value for key, value in stored.items() if key != "interest"}
    with reading():
        assert queries.parcel_of(quote_id=quote.id) == risk
        assert quote.level(cover.Cover.TL).gains == {Cause.LOST: Gain.PAYS}

    assert queries.parcel_from(stored).interest is Interest.BUSINESS
    assert queries.parcel_from(of_before).interest is Interest.CONSUMER
