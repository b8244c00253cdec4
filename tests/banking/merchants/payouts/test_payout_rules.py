"""Days of payouts, how what is there divides, and the ways between a payout's states."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time

import pytest
from bank_objects import eur
from hypothesis import given
from hypothesis import strategies as st

from banking.merchants.payouts import queries, rules
from banking.merchants.payouts.errors import (
    BelowMinimum,
    NothingToPayOut,
    PayoutMoved,
    PaysDebtsFirst,
)
from banking.merchants.payouts.rules import CAME_BACK, Cadence, Schedule, State, Terms
from kernel.money import Money

TERMS = Terms(
    valid_from=date(2026, 1, 1),
    zone="Europe/Luxembourg",
    runs_at=time(6),
    change_hours=24,
    reserve_days=90,
    looks_back_days=180,
    from_orders=5,
    reserve_steps=[(0, 0), (300, 500), (1000, 1000)],
    source="test",
)


@pytest.mark.parametrize("state", State)
def test_a_payout_goes_on_only_where_a_way_leads(state):
    ways = {to for to in State if _leads(state, to)}

    assert State.MADE not in ways
    assert (ways == set()) == (state in CAME_BACK)


def test_paid_is_no_end_because_a_bank_may_send_it_back():
    assert rules.advance(State.PAID, State.RETURNED) is State.RETURNED


def _leads(state, to):
    try:
        return rules.advance(state, to) is to
    except PayoutMoved:
        return False


@pytest.mark.parametrize(
    ("schedule", "after", "expected"),
    [
        (Schedule(Cadence.DAILY), "2026-11-25", "2026-11-26"),
        (Schedule(Cadence.WEEKLY, weekday=3), "2026-11-25", "2026-11-26"),
        (Schedule(Cadence.WEEKLY, weekday=2), "2026-11-25", "2026-12-02"),
        (Schedule(Cadence.MONTHLY, month_day=31), "2026-11-25", "2026-11-30"),
        (Schedule(Cadence.MONTHLY, month_day=31), "2026-11-30", "2026-12-31"),
        (Schedule(Cadence.MONTHLY, month_day=5), "2026-12-05", "2027-01-05"),
        (Schedule(Cadence.MONTHLY, month_day=31), "2027-01-31", "2027-02-28"),
    ],
)
def test_the_next_day_of_a_schedule(schedule, after, expected):
    assert rules.next_nominal(schedule, date.fromisoformat(after)) == date.fromisoformat(expected)


@given(
    st.dates(date(2026, 1, 1), date(2040, 1, 1)),
    st.sampled_from([Cadence.DAILY, Cadence.WEEKLY, Cadence.MONTHLY]),
    st.integers(0, 4),
    st.integers(1, 31),
)
def test_no_two_days_of_a_schedule_share_a_period(on, cadence, weekday, month_day):
    schedule = Schedule(cadence, weekday, month_day)
    first = rules.next_nominal(schedule, on)
    second = rules.next_nominal(schedule, first)

    assert on < first < second
    assert rules.period_key(first, cadence) != rules.period_key(second, cadence)


def test_by_hand_has_no_days():
    assert rules.next_nominal(Schedule(Cadence.BY_HAND), date(2026, 11, 25)) is None


def test_what_is_due_on_a_closed_day_is_paid_on_the_next_open_one():
    days = [date(2026, 11, 28), date(2026, 12, 25), date(2027, 1, 1)]

    paid = [queries.pay_day(day, "EUR").isoformat() for day in days]

    assert paid == ["2026-11-30", "2026-12-28", "2027-01-04"]


@pytest.mark.parametrize(("at", "day"), [("04:59", 24), ("05:00", 25)])
def test_a_day_of_runs_begins_at_six_by_the_banks_own_clock(at, day):
    now = datetime.fromisoformat(f"2026-11-25T{at}").replace(tzinfo=UTC)

    assert rules.business_date(now, TERMS) == date(2026, 11, day)


@pytest.mark.parametrize(
    ("troubled", "orders", "kept"),
    [(4, 4, 0), (0, 100, 0), (2, 100, 0), (3, 100, 500), (9, 100, 500), (10, 100, 1000)],
)
def test_the_reserve_follows_how_many_orders_went_wrong(troubled, orders, kept):
    assert rules.reserve_bp(troubled=troubled, orders=orders, terms=TERMS) == kept


def test_debt_comes_first_then_reserve_and_fee_and_the_rest_is_the_vendors():
    found = rules.divide(
        available=eur(100),
        owed=eur(30),
        earned=eur(100),
        kept_bp=1000,
        fee=eur("0.50"),
        least=eur(1),
    )

    assert (found.owed, found.reserve, found.fee, found.amount) == (
        eur(30),
        eur(10),
        eur("0.50"),
        eur("59.50"),
    )


@pytest.mark.parametrize(
    ("available", "owed", "refusal"),
    [
        (0, 0, NothingToPayOut),
        (-5, 0, NothingToPayOut),
        (30, 30, PaysDebtsFirst),
        (30, 50, PaysDebtsFirst),
        (9, 0, BelowMinimum),
    ],
)
def test_why_nothing_is_sent_has_a_name(available, owed, refusal):
    with pytest.raises(refusal):
        rules.divide(
            available=eur(available),
            owed=eur(owed),
            earned=eur(0),
            kept_bp=0,
            fee=eur(0),
            least=eur(10),
        )


@given(
    st.integers(-500, 10**6),
    st.integers(0, 10**6),
    st.integers(-100, 10**6),
    st.sampled_from([0, 500, 1000, 10_000]),
    st.integers(0, 100),
)
def test_whatever_is_there_divides_without_a_rest(available, owed, earned, kept, fee):
    cents = [eur(0) + type(eur(0))(minor, "EUR") for minor in (available, owed, earned, fee)]
    try:
        found = rules.divide(
            available=cents[0],
            owed=cents[1],
            earned=cents[2],
            kept_bp=kept,
            fee=cents[3],
            least=eur(1),
        )
    except (NothingToPayOut, PaysDebtsFirst, BelowMinimum):
        return
    parts = (found.owed, found.reserve, found.fee, found.amount)
    assert all(part.minor >= 0 for part in parts)
    assert sum(part.minor for part in parts) == available
    assert found.amount >= eur(1)


@pytest.mark.parametrize(
    ("portion", "newer", "balance", "back"),
    [(10, 20, 30, 10), (10, 20, 25, 5), (10, 20, 20, 0), (10, 20, 5, 0), (10, 0, 10, 10)],
)
def test_what_refunds_took_is_taken_from_the_oldest_portion(portion, newer, balance, back):
    found = rules.given_back(portion=eur(portion), newer=eur(newer), balance=eur(balance))

    assert found == eur(back)


@pytest.mark.parametrize(
    ("cadence", "day", "name"),
    [
        (Cadence.DAILY, "2026-11-25", "2026-11-25"),
        (Cadence.WEEKLY, "2026-11-25", "2026-W48"),
        (Cadence.WEEKLY, "2027-01-03", "2026-W53"),  # ISO 8601: the week of its Thursday
        (Cadence.WEEKLY, "2027-01-04", "2027-W01"),
        (Cadence.MONTHLY, "2026-11-25", "2026-11"),
    ],
)
def test_a_period_is_named_as_people_name_it(cadence, day, name):
    assert rules.period_key(date.fromisoformat(day), cadence) == name


@pytest.mark.parametrize(
    ("troubled", "orders", "kept"),
    [
        (4, 4, 0),  # too few to tell
        (5, 5, 1000),
        (1, 5, 1000),
        (2_999, 100_000, 0),  # 299.9 of ten thousand
        (29_997, 999_900, 500),  # three in a hundred to the last digit
        (29_996, 999_900, 0),
    ],
)
def test_a_step_of_the_reserve_begins_exactly_where_it_says(troubled, orders, kept):
    assert rules.reserve_bp(troubled=troubled, orders=orders, terms=TERMS) == kept


def test_below_the_first_step_nothing_is_kept():
    terms = replace(TERMS, reserve_steps=[(300, 500)])

    assert rules.reserve_bp(troubled=0, orders=100, terms=terms) == 0


def divided(available, *, earned=0, kept_bp=0, fee=0, least=0):
    amounts = {"available": available, "earned": earned, "fee": fee, "least": least, "owed": 0}
    return rules.divide(
        kept_bp=kept_bp, **{name: Money(minor, "EUR") for name, minor in amounts.items()}
    )


def test_the_reserve_is_kept_to_the_cent_and_rounded_down():
    earned = 1_000_000_19

    assert divided(earned, earned=earned, kept_bp=500).reserve == Money(50_000_00, "EUR")
    assert divided(earned, earned=earned + 1, kept_bp=500).reserve == Money(50_000_01, "EUR")


def test_who_earned_less_than_nothing_keeps_nothing_back():
    assert divided(100, earned=-5, kept_bp=10_000).reserve == Money(0, "EUR")


def test_the_least_that_is_sent_is_sent():
    assert divided(100, fee=40, least=60).amount == Money(60, "EUR")


@pytest.mark.parametrize(("fee", "told"), [(41, 59), (100, 0), (130, 0)])
def test_what_is_too_little_is_told_and_never_as_less_than_nothing(fee, told):
    with pytest.raises(BelowMinimum) as refused:
        divided(100, fee=fee, least=60)

    assert refused.value.data == {"amount": Money(told, "EUR"), "least": Money(60, "EUR")}


def test_nothing_is_not_sent_even_where_there_is_no_least():
    with pytest.raises(BelowMinimum):
        divided(100, fee=100)


@pytest.mark.parametrize(
    ("state", "ways", "steps"),
    [
        (State.MADE, [State.SENT, State.PAID], [State.SENT, State.PAID]),
        (State.SENT, [State.SENT, State.PAID], [State.PAID]),
        (State.PAID, [State.SENT, State.PAID], []),
        (State.MADE, [State.PAID], []),  # no step is left out
        (State.PAID, [State.SENT, State.RETURNED], [State.RETURNED]),
    ],
)
def test_of_a_way_only_what_lies_ahead_is_gone(state, ways, steps):
    assert rules.way(state, ways) == steps
