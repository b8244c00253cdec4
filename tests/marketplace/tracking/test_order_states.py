"""Every state an order can reach has its words, its sign and its place on the way."""

import pytest

from marketplace.orders.rules import STATE_WORDS, OrderState
from marketplace.tracking import queries
from marketplace.words import order_kind


@pytest.mark.parametrize("state", list(OrderState))
def test_a_page_can_show_every_state(state):
    assert STATE_WORDS[state]
    assert queries._HEADLINES[state]
    assert 0 <= queries._WAY[state] <= 100
    assert order_kind(state) in {"ok", "warn", "bad", "info", "wait"}
