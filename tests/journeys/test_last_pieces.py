"""Sixteen buyers, five pieces, one moment."""

from __future__ import annotations

import pytest

from tests.journeys.racing import race
from tests.marketplace.makers import make_rates

pytestmark = pytest.mark.journey


def test_sixteen_buyers_who_check_out_at_once_get_exactly_the_five_pieces_there_are(own_database):
    make_rates(JPY="160")

    for _ in range(4):
        outcome = race(buyers=16, pieces=5)

        assert outcome.failures == []
        assert (outcome.checkouts, outcome.stored) == (5, 5)
        assert (outcome.on_hand, outcome.reserved, outcome.allocated) == (5, 5, 0)
        assert outcome.refusals.total() == 11
        assert outcome.refusals.keys() <= {"insufficient_stock", "cart_not_buyable"}
