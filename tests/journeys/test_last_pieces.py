"""Sixteen buyers, five pieces, one moment; and sixteen presses of one button."""

from __future__ import annotations

import pytest

from kernel.money import Money
from tests.journeys.racing import open_house, race, replay

pytestmark = pytest.mark.journey


def test_sixteen_buyers_at_once_buy_exactly_the_five_pieces_there_are(own_database):
    open_house()

    for _ in range(4):
        outcome = race(buyers=16, pieces=5)

        assert outcome.failures == []
        assert (len(outcome.paid), outcome.orders, outcome.holds, outcome.journals) == (5, 5, 5, 5)
        assert (outcome.on_hand, outcome.reserved, outcome.allocated) == (5, 0, 5)
        assert outcome.held == outcome.taken == Money(5 * (outcome.held.minor // 5), "JPY")
        assert outcome.held > Money(5 * 8900, "JPY")  # five times the goods, and their freight
        assert outcome.refusals.total() == 11
        assert outcome.refusals.keys() <= {"insufficient_stock", "cart_not_buyable"}
        assert outcome.is_balanced


def test_one_button_pressed_sixteen_times_at_once_pays_one_order_once(own_database):
    open_house()

    total, outcome = replay(times=16)

    assert (outcome.failures, outcome.refusals.total()) == ([], 0)
    assert (len(outcome.paid), outcome.orders, outcome.holds, outcome.journals) == (1, 1, 1, 1)
    assert (outcome.on_hand, outcome.reserved, outcome.allocated) == (16, 0, 1)
    assert outcome.held == outcome.taken == total
    assert outcome.is_balanced
