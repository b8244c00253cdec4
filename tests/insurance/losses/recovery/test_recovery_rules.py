"""By when carriers are told and sued, what is asked of them, and how a case may go on."""

from datetime import date
from itertools import product

import pytest

from insurance.losses.recovery import rules
from insurance.losses.recovery.errors import CarrierClaimMoved
from insurance.losses.recovery.rules import CarrierClaimState
from insurance.rating.liability.queries import Carriage, Cause, Regime, convention
from kernel.money import Money

DAY = date(2026, 6, 1)
TERMS = rules.terms_on(DAY)
LAWS = {
    Regime.MONTREAL: convention(by=Carriage.AIR, origin="CN", destination="DE", on=DAY),
    Regime.HAGUE_VISBY: convention(by=Carriage.SEA, origin="JP", destination="FR", on=DAY),
    Regime.CMR: convention(by=Carriage.ROAD, origin="PL", destination="DE", on=DAY),
    None: None,
}
S = CarrierClaimState
MAY = {
    (S.NONE, S.NOTICE_SENT),
    (S.NONE, S.WAIVED),
    (S.NOTICE_SENT, S.CLAIMED),
    (S.NOTICE_SENT, S.WAIVED),
    (S.NOTICE_SENT, S.CLOSED),
    (S.CLAIMED, S.ACCEPTED),
    (S.CLAIMED, S.DENIED),
    (S.CLAIMED, S.WAIVED),
    (S.CLAIMED, S.CLOSED),
    (S.ACCEPTED, S.RECEIVED),
    (S.ACCEPTED, S.WAIVED),
    (S.DENIED, S.ACCEPTED),
    (S.DENIED, S.WAIVED),
    (S.DENIED, S.CLOSED),
    (S.RECEIVED, S.CLOSED),
}


def eur(amount):
    return Money.of(amount, "EUR")


@pytest.mark.parametrize(("state", "to"), list(product(S, S)))
def test_a_case_goes_on_as_the_table_says_and_no_other_way(state, to):
    if (state, to) in MAY:
        assert rules.moved(state, to) is to
        return
    with pytest.raises(CarrierClaimMoved) as refused:
        rules.moved(state, to)
    assert (refused.value.status, refused.value.data) == (
        409,
        {"state": state.value, "wanted": to.value},
    )


@pytest.mark.parametrize(
    ("regime", "cause", "until"),
    [
        (Regime.MONTREAL, Cause.DAMAGE, date(2026, 6, 15)),
        (Regime.MONTREAL, Cause.MISSING, date(2026, 6, 15)),
        (Regime.MONTREAL, Cause.DELAY, date(2026, 6, 22)),
        (Regime.MONTREAL, Cause.LOST, date(2026, 6, 4)),
        (Regime.HAGUE_VISBY, Cause.DAMAGE, date(2026, 6, 4)),
        (Regime.HAGUE_VISBY, Cause.DELAY, date(2026, 6, 22)),
        (Regime.CMR, Cause.DAMAGE, date(2026, 6, 8)),
        (Regime.CMR, Cause.DELAY, date(2026, 6, 22)),
        (None, Cause.DAMAGE, date(2026, 6, 4)),
        (None, Cause.DELAY, date(2026, 6, 22)),
    ],
)
def test_a_carrier_is_told_inside_the_days_of_its_convention(regime, cause, until):
    law = LAWS[regime]
    assert (law is None) is (regime is None)
    assert rules.notice_by(cause=cause, law=law, since=DAY, terms=TERMS) == until


@pytest.mark.parametrize(
    ("regime", "since", "until"),
    [
        (Regime.MONTREAL, DAY, date(2028, 6, 1)),
        (Regime.HAGUE_VISBY, DAY, date(2027, 6, 1)),
        (Regime.CMR, DAY, date(2027, 6, 1)),
        (None, DAY, date(2027, 6, 1)),
        (Regime.CMR, date(2028, 2, 29), date(2029, 2, 28)),
    ],
)
def test_a_carrier_is_sued_inside_the_years_of_its_convention(regime, since, until):
    assert rules.suit_by(law=LAWS[regime], since=since, terms=TERMS) == until


@pytest.mark.parametrize(
    ("cause", "delivered", "since"),
    [
        (Cause.LOST, None, date(2026, 6, 11)),
        (Cause.DAMAGE, date(2026, 6, 20), date(2026, 6, 20)),
        (Cause.MISSING, None, date(2026, 7, 1)),
        (Cause.DELAY, date(2026, 6, 20), date(2026, 6, 11)),
        (Cause.DELAY, None, date(2026, 6, 11)),
    ],
)
def test_the_time_to_sue_runs_from_the_earliest_day_that_a_court_could_take(
    cause, delivered, since
):
    told = rules.suit_since(
        cause=cause,
        loss_on=date(2026, 7, 1),
        ought_on=date(2026, 6, 11),
        delivered_on=delivered,
    )
    assert told == since


@pytest.mark.parametrize(
    ("loss", "most", "paid_before", "asked"),
    [
        ("128.00", None, "0", "128.00"),
        ("128.00", "30.42", "0", "30.42"),
        ("20.00", "30.42", "0", "20.00"),
        ("128.00", "30.42", "10.00", "20.42"),
        ("20.00", "30.42", "40.00", "0"),
        ("20.00", None, "40.00", "20.00"),
    ],
)
def test_no_more_is_asked_than_the_loss_and_what_the_limit_leaves(loss, most, paid_before, asked):
    limit = None if most is None else eur(most)
    told = rules.asked_of(loss=eur(loss), most=limit, paid_before=eur(paid_before))
    assert told == eur(asked)


@pytest.mark.parametrize(
    ("is_express", "is_post", "origin", "destination", "by"),
    [
        (True, False, "PL", "DE", Carriage.AIR),
        (False, True, "PL", "DE", Carriage.POST),
        (False, False, "PL", "DE", Carriage.ROAD),
        (False, False, "JP", "FR", Carriage.SEA),
        (False, False, "DE", "DE", Carriage.SEA),
    ],
)
def test_a_way_goes_by_what_it_was_sold_as(is_express, is_post, origin, destination, by):
    told = rules.carriage(
        is_express=is_express, is_post=is_post, origin=origin, destination=destination, on=DAY
    )
    assert told is by


@pytest.mark.parametrize("state", S)
def test_what_is_given_up_after_money_came_is_closed_and_else_waived(state):
    assert rules.given_up_as(state) is (S.CLOSED if state is S.RECEIVED else S.WAIVED)


@pytest.mark.parametrize(
    ("sent_on", "today", "is_late"),
    [
        (None, date(2026, 6, 4), False),
        (None, date(2026, 6, 5), True),
        (date(2026, 6, 4), date(2026, 6, 30), False),
        (date(2026, 6, 5), date(2026, 6, 30), True),
    ],
)
def test_a_notice_is_late_after_its_last_day(sent_on, today, is_late):
    told = rules.is_late(notice_by=date(2026, 6, 4), sent_on=sent_on, today=today)
    assert told is is_late


def test_terms_are_dated_and_say_where_they_come_from():
    assert all(row.source and row.confidence for row in rules.terms_rows())
    with pytest.raises(ValueError, match="empty"):
        rules.terms_on(date(2024, 12, 27))


def uninsured(deductible, above):
    return rules.Uninsured(deductible=eur(deductible), above=eur(above))


@pytest.mark.parametrize(
    ("received", "insurers", "for_deductible", "for_above"),
    [
        ("0.00", "0.00", "0.00", "0.00"),
        ("900.00", "900.00", "0.00", "0.00"),
        ("1000.00", "1000.00", "0.00", "0.00"),
        # Of 40 above what the insurer paid a quarter is for the deductible.
        ("1040.00", "1000.00", "10.00", "30.00"),
        ("1400.00", "1000.00", "100.00", "300.00"),
    ],
)
def test_the_insurer_comes_first_and_what_is_above_goes_to_what_was_uninsured(
    received, insurers, for_deductible, for_above
):
    got = rules.shared(eur(received), paid=eur("1000"), uninsured=uninsured("100", "300"))

    assert (got.insurers, got.for_deductible, got.for_above) == (
        eur(insurers),
        eur(for_deductible),
        eur(for_above),
    )
    assert got.insurers + got.holders == eur(received)


@pytest.mark.parametrize(
    ("lost", "insured", "payable", "carrier", "deductible", "above"),
    [
        ("13750.00", "13337.50", "13070.75", "0", "266.75", "412.50"),
        # Insured above its value, and without a deductible.
        ("13000.00", "13337.50", "13337.50", "0", "0.00", "0.00"),
        # What the carrier paid the holder itself is borne by nobody.
        ("53350.00", "53350.00", "48083.25", "5000.00", "266.75", "0.00"),
    ],
)
def test_what_no_cover_pays_is_the_deductible_and_what_is_above_the_sum_insured(
    lost, insured, payable, carrier, deductible, above
):
    found = rules.uninsured_of(
        lost=eur(lost), insured=eur(insured), payable=eur(payable), paid_by_carrier=eur(carrier)
    )

    assert found == uninsured(deductible, above)


@pytest.mark.parametrize(
    ("mode", "by"),
    [
        ("FCL", Carriage.SEA),
        ("LCL", Carriage.SEA),
        ("AIR", Carriage.AIR),
        ("ROAD", Carriage.ROAD),
        ("RAIL", None),
    ],
)
def test_cargo_goes_by_what_its_cover_says(mode, by):
    assert rules.carriage_of_cargo(mode) is by
