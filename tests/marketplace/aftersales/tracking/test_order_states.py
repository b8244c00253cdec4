"""Every state an order can reach has its words, its sign and its place on the way."""

from datetime import UTC, datetime
from types import SimpleNamespace

import pytest

from insurance.api import Whereabouts
from kernel.money import Money
from marketplace.aftersales.tracking import prospects, queries
from marketplace.aftersales.tracking.prospects import UNDER_WAY
from marketplace.buying.orders.rules import STATE_WORDS, OrderState
from marketplace.logistics.carriers.rules.tracking import ParcelState
from marketplace.words import order_kind

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)


def order(state, **facts):
    euro = {part: Money(minor, "EUR") for part, minor in {"goods": 60_00, "freight": 10_59}.items()}
    return SimpleNamespace(
        **{"state": state, "is_refused": False, "delivered_at": None} | euro | facts
    )


def parcel(*states):
    return SimpleNamespace(scans=[SimpleNamespace(state=state) for state in states])


@pytest.mark.parametrize("state", list(OrderState))
def test_a_page_can_show_every_state(state):
    assert STATE_WORDS[state]
    assert prospects._HEADLINES[state]
    assert order_kind(state) in {"ok", "warn", "bad", "info", "wait"}


@pytest.mark.parametrize("state", list(OrderState))
def test_goods_stand_on_their_way_only_while_they_are_on_it(state):
    assert (queries._way(order(state), None) is not None) == (state in UNDER_WAY)


@pytest.mark.parametrize(("arrived", "expected"), [(None, 50), (NOON, None)])
def test_a_parcel_found_with_its_carrier_is_on_its_way_again_until_it_comes(arrived, expected):
    found = SimpleNamespace(whereabouts=Whereabouts.CARRIER, arrived_at=arrived)

    assert queries._way(order(OrderState.INDEMNIFIED), found) == expected


@pytest.mark.parametrize(
    ("state", "scans", "expected"),
    [
        (OrderState.PAID, [], True),
        (OrderState.IN_TRANSIT, [ParcelState.ACCEPTED], True),
        (OrderState.INDEMNIFIED, [ParcelState.ACCEPTED, ParcelState.LOST], False),
        (OrderState.INDEMNIFIED, [ParcelState.EXPORTED, ParcelState.LOST], False),
        (OrderState.REFUNDED, [ParcelState.CUSTOMS_PRESENTED, ParcelState.RETURNED], True),
        (OrderState.CANCELLED, [], False),
    ],
)
def test_the_border_is_told_of_only_where_the_parcel_may_come_or_was(state, scans, expected):
    assert queries._meets_customs(order(state), parcel(*scans)) is expected


def test_a_delivered_parcel_keeps_the_words_of_its_border_without_any_scan():
    assert queries._meets_customs(order(OrderState.REFUNDED, delivered_at=NOON), None)


@pytest.mark.parametrize(
    ("minor", "says_customs"), [(70_59, False), (70_60, True), (88_31, True), (60_00, False)]
)
def test_customs_is_named_as_paid_only_when_more_left_than_others_earned(minor, says_customs):
    sentence = queries._paid_to(order(OrderState.COMPLETED), Money(minor, "EUR"))

    assert ("customs" in sentence) is says_customs
