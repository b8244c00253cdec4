"""What a waiting buyer is told about the day and the border."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from kernel.money import Money
from marketplace.aftersales.tracking.prospects import (
    UNDER_WAY,
    arrival_range,
    border_words,
    bound_words,
    delay_words,
    headline,
)
from marketplace.borders.customs.rules import DeclarationState
from marketplace.buying.orders.rules import OrderState


def order(
    state,
    *,
    leaves=date(2026, 11, 4),
    fastest="2026-11-12",
    promised=date(2026, 11, 16),
    is_refused=False,
):
    return SimpleNamespace(
        state=state,
        is_refused=is_refused,
        promised_on=promised,
        delivery={"min_on": fastest},
        ship_by_on=leaves,
    )


@pytest.mark.parametrize(
    ("state", "today", "expected"),
    [
        # Six working days at least: from Friday the sixth they end on the promised Monday.
        (OrderState.PAID, date(2026, 11, 6), None),
        (OrderState.PAID, date(2026, 11, 7), "It will be late"),
        (OrderState.DISPATCHED, date(2026, 11, 10), "It will be late"),
        (OrderState.IN_TRANSIT, date(2026, 11, 10), None),
        (OrderState.IN_TRANSIT, date(2026, 11, 17), "It's late"),
        (OrderState.CUSTOMS, date(2026, 11, 17), "It's late"),
        (OrderState.DELIVERED, date(2026, 11, 17), None),
        (OrderState.CANCELLED, date(2026, 12, 17), None),
    ],
)
def test_a_delay_is_told_as_soon_as_it_is_certain(state, today, expected):
    told = delay_words(order(state), today=today)

    assert (told is None) if expected is None else told.msgid.startswith(expected)


@pytest.mark.parametrize(
    ("state", "reason"),
    [
        (OrderState.PAID, "were worked out for this address"),
        (OrderState.DISPATCHED, "It's packed"),
        (OrderState.IN_TRANSIT, "The carrier has it"),
        (OrderState.CUSTOMS, "The carrier has it"),
    ],
)
def test_what_cannot_be_changed_of_an_awaited_parcel_says_why(state, reason):
    told = bound_words(order(state))

    assert reason in told.msgid
    assert "address" in told.msgid


@pytest.mark.parametrize("state", set(OrderState) - UNDER_WAY)
def test_nobody_asks_for_another_address_of_what_is_over(state):
    assert bound_words(order(state)) is None


def test_the_first_day_of_arrival_is_never_in_the_past():
    found = arrival_range(order(OrderState.IN_TRANSIT), today=date(2026, 11, 14))

    assert found == (date(2026, 11, 14), date(2026, 11, 16))
    assert arrival_range(order(OrderState.IN_TRANSIT), today=date(2026, 11, 17)) is None
    assert arrival_range(order(OrderState.DELIVERED), today=date(2026, 11, 14)) is None


@pytest.mark.parametrize("state", sorted(UNDER_WAY))
def test_the_answer_names_no_day_that_cannot_be_kept(state):
    in_time, late = date(2026, 11, 6), date(2026, 11, 17)

    assert "%(day)s" in headline(order(state), None, today=in_time).msgid
    told = headline(order(state), None, today=late)
    assert "running late" in told.msgid
    assert not told.data


def test_goods_that_cannot_come_in_time_any_more_have_no_days_of_arrival():
    waiting = order(OrderState.PAID)

    assert arrival_range(waiting, today=date(2026, 11, 6)) is not None
    assert arrival_range(waiting, today=date(2026, 11, 7)) is None
    assert "running late" in headline(waiting, None, today=date(2026, 11, 7)).msgid


@pytest.mark.parametrize("state", list(DeclarationState))
def test_every_state_at_the_border_has_a_sentence_that_can_be_filled(state):
    euro = Money(366, "EUR")
    declaration = SimpleNamespace(state=state, assessed=euro, quoted=euro)

    message = border_words(declaration)

    assert message.msgid % message.data


def test_a_release_without_a_bill_names_no_amount():
    declaration = SimpleNamespace(
        state=DeclarationState.RELEASED, assessed=None, quoted=Money(0, "EUR")
    )

    assert border_words(declaration).msgid == "Released by customs."


def test_a_release_that_cost_nothing_does_not_list_noughts():
    nothing = Money(0, "EUR")
    declaration = SimpleNamespace(state=DeclarationState.RELEASED, assessed=nothing, quoted=nothing)

    assert border_words(declaration).msgid == "Released. Customs charged nothing."


@pytest.mark.parametrize("state", sorted(UNDER_WAY - {OrderState.PAID}))
def test_what_customs_refused_is_awaited_no_longer_and_has_no_day(state):
    refused, today = order(state, is_refused=True), date(2026, 11, 17)

    told = headline(refused, None, today=today)
    assert told.msgid.startswith("Customs refused this parcel. It's")
    assert delay_words(refused, today=today) is None
    assert arrival_range(refused, today=date(2026, 11, 14)) is None
    assert bound_words(refused) is None
