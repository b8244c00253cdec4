"""The refund matrix row by row, every arrow between two states, and clocks at midnight."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import CURRENCIES, Money
from marketplace.aftersales.returns import rules
from marketplace.aftersales.returns.rules import (
    OVER,
    STEPS,
    Act,
    Funder,
    Parts,
    Party,
    Payer,
    Reason,
    State,
)

TODAY = date(2026, 11, 25)
NOON = datetime(2026, 11, 25, 12, tzinfo=UTC)
FAULTS = [Reason.DAMAGED, Reason.NOT_AS_DESCRIBED, Reason.WRONG_ITEM, Reason.ARRIVED_LATE]


def money(minor, currency="EUR"):
    return Money(minor, currency)


def parts(goods, freight, duty, tax, fees, currency="EUR"):
    return Parts(*(money(minor, currency) for minor in (goods, freight, duty, tax, fees)))


PAID = parts(100_00, 10_00, 5_00, 23_00, 2_00)


def brings(reason, *, back, before=0, left=None, reclaimed=True, paid=PAID):
    return rules.outcome(
        reason,
        paid=paid,
        left=left or paid,
        before=money(before, paid.goods.currency),
        back=money(back, paid.goods.currency),
        reclaimed=reclaimed,
        on=TODAY,
    )


# Reason, whether all of it goes back, whether the authorities give duty and tax back:
# what the buyer has back (goods, freight, duty, tax, fees), who pays the way, who bears the border.
MATRIX = [
    (Reason.CHANGED_MIND, True, True, (100_00, 10_00, 5_00, 23_00, 2_00), "buyer", "authority"),
    (Reason.CHANGED_MIND, True, False, (100_00, 10_00, 0, 0, 2_00), "buyer", "nobody"),
    (Reason.CHANGED_MIND, False, True, (25_00, 0, 1_25, 5_75, 0), "buyer", "authority"),
    (Reason.CHANGED_MIND, False, False, (25_00, 0, 0, 0, 0), "buyer", "nobody"),
    *[
        (fault, True, True, (100_00, 10_00, 5_00, 23_00, 2_00), "seller", "authority")
        for fault in FAULTS
    ],
    *[
        (fault, True, False, (100_00, 10_00, 5_00, 23_00, 2_00), "seller", "seller")
        for fault in FAULTS
    ],
    *[
        (fault, False, True, (25_00, 2_50, 1_25, 5_75, 50), "seller", "authority")
        for fault in FAULTS
    ],
    *[(fault, False, False, (25_00, 2_50, 1_25, 5_75, 50), "seller", "seller") for fault in FAULTS],
]


@pytest.mark.parametrize(("reason", "is_whole", "reclaimed", "back", "way", "border"), MATRIX)
def test_the_matrix_says_what_goes_back_and_who_bears_it(
    reason, is_whole, reclaimed, back, way, border
):
    found = brings(reason, back=100_00 if is_whole else 25_00, reclaimed=reclaimed)

    assert found.parts == parts(*back)
    assert (found.way_back, found.border) == (Payer(way), Funder(border))
    assert found.reclaimed is (border == "authority")


def test_the_table_above_has_every_row_of_the_matrix():
    assert {row[0] for row in MATRIX} == set(Reason) == {Reason(r.reason) for r in rules._matrix()}
    assert len({row[:3] for row in MATRIX}) == len(MATRIX) == 4 * len(Reason)
    assert all(row.source for row in (*rules._matrix(), *rules._borders(), *rules._terms()))


@pytest.mark.parametrize(
    ("country", "crosses", "reason", "expected"),
    [
        ("FR", True, Reason.CHANGED_MIND, True),
        ("GB", True, Reason.CHANGED_MIND, False),
        ("GB", True, Reason.DAMAGED, True),
        ("US", True, Reason.CHANGED_MIND, True),
        ("JP", True, Reason.CHANGED_MIND, True),
        ("AE", True, Reason.DAMAGED, False),
        ("AE", False, Reason.CHANGED_MIND, True),
    ],
)
def test_duty_and_tax_come_back_from_authorities_that_give_them(country, crosses, reason, expected):
    found = rules.is_reclaimed(reason, country=country, crosses_border=crosses, on=TODAY)

    assert found is expected


def test_a_country_gives_duty_and_tax_back_from_the_first_day_of_its_row():
    first = next(one for one in rules._borders() if "US" in one.countries).valid_from

    def gives(on):
        return rules.is_reclaimed(Reason.DAMAGED, country="US", crosses_border=True, on=on)

    assert [gives(first - timedelta(days=1)), gives(first)] == [False, True]


def test_the_second_quarter_of_the_goods_brings_a_quarter_of_the_costs_though_more_is_left():
    found = brings(Reason.DAMAGED, back=25_00, before=25_00)

    assert found.parts == parts(25_00, 2_50, 1_25, 5_75, 50)


@given(
    currency=st.sampled_from(["JPY", "KWD", "EUR", *sorted(CURRENCIES)]),
    prices=st.lists(st.integers(1, 10**9), min_size=1, max_size=12),
    costs=st.tuples(*[st.integers(0, 10**9)] * 4),
    reasons=st.data(),
)
def test_any_number_of_returns_re_adds_to_what_was_paid(currency, prices, costs, reasons):
    paid = parts(sum(prices), *costs, currency=currency)
    before, left, back = money(0, currency), paid, []

    for price in prices:
        reason = reasons.draw(st.sampled_from(FAULTS))
        found = rules.outcome(
            reason,
            paid=paid,
            left=left,
            before=before,
            back=money(price, currency),
            reclaimed=reasons.draw(st.booleans()),
            on=TODAY,
        ).parts
        back.append(found)
        before += found.goods
        left = minus(left, found)

    assert left == parts(0, 0, 0, 0, 0, currency=currency)
    assert sum((one.total for one in back), money(0, currency)) == paid.total


@given(
    currency=st.sampled_from(["JPY", "KWD", "EUR"]),
    prices=st.lists(st.integers(1, 10**7), min_size=1, max_size=8),
    costs=st.tuples(*[st.integers(0, 10**7)] * 4),
    surplus=st.integers(0, 100),
    choices=st.data(),
)
def test_no_mixture_of_reasons_gives_more_back_than_is_left(
    currency, prices, costs, surplus, choices
):
    paid = parts(sum(prices), *costs, currency=currency)
    before, left = money(0, currency), paid

    for price in prices:
        found = rules.outcome(
            choices.draw(st.sampled_from(list(Reason))),
            paid=paid,
            left=left,
            before=before,
            back=money(price, currency),
            reclaimed=choices.draw(st.booleans()),
            on=TODAY,
        ).parts
        before += found.goods
        left = minus(left, found)
        taken = left.duty.times(surplus) if surplus < 2 else left.duty
        left = Parts(left.goods, left.freight, left.duty - taken, left.tax, left.fees)

    kept = (left.goods, left.freight, left.duty, left.tax, left.fees)
    assert min(part.minor for part in kept) >= 0


def minus(left, back):
    names = ("goods", "freight", "duty", "tax", "fees")
    return Parts(*(getattr(left, name) - getattr(back, name) for name in names))


@given(pieces=st.lists(st.integers(1, 10**6), min_size=1, max_size=9), bp=st.integers(0, 10_000))
def test_the_commission_of_all_returns_is_the_commission(pieces, bp):
    goods = money(sum(pieces), "KWD")
    commission = goods.times(Fraction(bp, 10_000))
    before, back = money(0, "KWD"), money(0, "KWD")

    for piece in pieces:
        after = before + money(piece, "KWD")
        back += rules.commission_back(commission, goods=goods, before=before, after=after)
        before = after

    assert back == commission


# Every arrow that there is; what is not here is refused, as the second test proves.
ARROWS = {
    ("awaited", "arrive"): ("open", "clock"),
    ("awaited", "drop"): ("closed", "buyer"),
    ("awaited", "void"): ("void", "clock"),
    ("open", "send"): ("sent", "buyer"),
    ("open", "drop"): ("closed", "buyer"),
    ("open", "receive"): ("settled", "seller"),
    ("open", "reject"): ("rejected", "seller"),
    ("open", "lapse"): ("closed", "clock"),
    ("open", "overdue"): ("settled", "clock"),
    ("open", "void"): ("void", "clock"),
    ("sent", "receive"): ("settled", "seller"),
    ("sent", "reject"): ("rejected", "seller"),
    ("sent", "overdue"): ("settled", "clock"),
    ("sent", "void"): ("void", "clock"),
    ("rejected", "dispute"): ("disputed", "buyer"),
    ("rejected", "receive"): ("settled", "seller"),
    ("rejected", "lapse"): ("closed", "clock"),
    ("rejected", "void"): ("void", "clock"),
    ("disputed", "receive"): ("settled", "seller"),
    ("disputed", "uphold"): ("settled", "house"),
    ("disputed", "dismiss"): ("closed", "house"),
    ("disputed", "void"): ("void", "clock"),
}


@pytest.mark.parametrize("state", list(State))
@pytest.mark.parametrize("act", list(Act))
def test_every_pair_of_state_and_act_leads_where_the_table_says(state, act):
    to, by = ARROWS.get((state.value, act.value), (None, None))

    assert rules.next_state(state, act) == (State(to) if to else None)
    assert STEPS[state, act].by == Party(by) if by else (state, act) not in STEPS


def test_every_open_state_ends_and_nothing_follows_an_end():
    leaving = {state for state, _ in STEPS}

    assert leaving == set(State) - OVER
    assert set(rules.STATE_WORDS) == set(State)


def test_an_open_return_says_who_is_waited_for():
    for_label = rules.state_words(State.OPEN, waits_for_seller=True)

    assert "seller" in for_label
    assert rules.state_words(State.OPEN, waits_for_seller=False) != for_label
    assert rules.state_words(State.SENT, waits_for_seller=True) == rules.STATE_WORDS[State.SENT]


def test_a_withdrawal_is_not_refused_before_the_goods_can_be_seen():
    assert not rules.may_refuse(Act.REJECT, State.OPEN, Reason.CHANGED_MIND)
    assert rules.may_refuse(Act.REJECT, State.SENT, Reason.CHANGED_MIND)
    assert rules.may_refuse(Act.REJECT, State.OPEN, Reason.DAMAGED)


@pytest.mark.parametrize(
    ("state", "waits_for_seller", "days", "act"),
    [
        (State.OPEN, False, 14, Act.LAPSE),
        (State.OPEN, True, 5, Act.OVERDUE),
        (State.SENT, False, 14, Act.OVERDUE),
        (State.SENT, True, 14, Act.OVERDUE),
        (State.REJECTED, False, 14, Act.LAPSE),
        (State.REJECTED, True, 14, Act.LAPSE),
    ],
)
def test_whoever_lets_their_clock_run_out_loses(state, waits_for_seller, days, act):
    due = rules.due_at(state, at=NOON, waits_for_seller=waits_for_seller)

    assert due == NOON + timedelta(days=days)
    assert rules.due_act(state, waits_for_seller=waits_for_seller) is act
    assert (state, act) in STEPS


@pytest.mark.parametrize("state", [State.AWAITED, State.DISPUTED, *sorted(OVER)])
def test_what_waits_for_a_parcel_or_a_person_has_no_clock(state):
    assert rules.due_at(state, at=NOON, waits_for_seller=False) is None


@pytest.mark.parametrize(
    ("delivered", "zone", "country", "day", "ends"),
    [
        # The day of the delivery does not count: Wednesday, and two weeks on.
        ("2026-11-25T12:00", "Europe/Paris", "FR", "2026-12-09", "2026-12-09T23:00"),
        # Half past eleven in the evening in Paris is still the 25th there, and the 26th in Tokyo.
        ("2026-11-25T22:30", "Europe/Paris", "FR", "2026-12-09", "2026-12-09T23:00"),
        ("2026-11-25T22:30", "Asia/Tokyo", "JP", "2026-12-10", "2026-12-10T15:00"),
        # It does not end on a weekend.
        ("2026-11-28T12:00", "Europe/Paris", "FR", "2026-12-14", "2026-12-14T23:00"),
        ("2026-11-29T12:00", "Europe/Paris", "FR", "2026-12-14", "2026-12-14T23:00"),
        # Summer time ends in between: midnight is an hour later in UTC.
        ("2026-10-20T12:00", "Europe/Paris", "FR", "2026-11-03", "2026-11-03T23:00"),
        # The day is over in Honolulu last.
        ("2026-11-25T12:00", "America/New_York", "US", "2026-12-09", "2026-12-10T10:00"),
    ],
)
def test_the_last_day_is_the_buyers_own_and_whole(delivered, zone, country, day, ends):
    at = datetime.fromisoformat(delivered).replace(tzinfo=UTC)

    last = rules.last_day(at, zone=zone, days=14)

    assert last == date.fromisoformat(day)
    over = rules.end_of(last, country=country, zone=zone)
    assert over == datetime.fromisoformat(ends).replace(tzinfo=UTC)


# Source: Regulation (EEC, Euratom) 1182/71, article 3 (4).
@pytest.mark.parametrize(
    ("day", "counts_as"),
    [
        ("2026-11-26", "2026-11-26"),
        ("2026-11-27", "2026-11-27"),  # a Friday
        ("2026-11-28", "2026-11-30"),
        ("2026-11-29", "2026-11-30"),
        ("2026-11-30", "2026-11-30"),
    ],
)
def test_only_saturdays_and_sundays_move_to_monday(day, counts_as):
    assert rules.working_day(date.fromisoformat(day)) == date.fromisoformat(counts_as)


@pytest.mark.parametrize("reason", list(Reason))
def test_every_reason_but_a_changed_mind_says_that_something_is_wrong(reason):
    assert reason.is_fault is (reason in FAULTS)


# Source: Directive 2011/83/EU, article 9 (1), for a changed mind; for faults the house's terms.
@pytest.mark.parametrize(
    ("reason", "days"), [(Reason.CHANGED_MIND, 14), *((fault, 30) for fault in FAULTS)]
)
def test_a_fault_may_be_told_for_longer_than_a_mind_may_change(reason, days):
    assert rules.days_for(reason, TODAY) == days
