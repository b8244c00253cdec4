"""What an order costs its buyer, part by part, and who bears what somebody took of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import Money
from marketplace.buying.orders.rules import Amounts, share_of

PARTS = ("goods", "freight", "duty", "tax", "fees")


def amounts(**parts):
    return Amounts(**{name: Money(parts.get(name, 0), "EUR") for name in PARTS})


@pytest.mark.parametrize(
    ("taken", "left"),
    [
        (0, (60, 10, 6, 20, 4)),
        (59, (1, 10, 6, 20, 4)),
        (60, (0, 10, 6, 20, 4)),
        (65, (0, 5, 6, 20, 4)),
        (73, (0, 0, 6, 20, 1)),
        (80, (0, 0, 0, 20, 0)),
        (100, (0, 0, 0, 0, 0)),
    ],
)
def test_goods_bear_first_then_delivery_fees_duty_and_tax_last(taken, left):
    whole = amounts(goods=60, freight=10, duty=6, tax=20, fees=4)

    assert whole.without(Money(taken, "EUR")) == amounts(**dict(zip(PARTS, left, strict=True)))


@given(st.lists(st.integers(0, 10**9), min_size=5, max_size=5), st.integers(0, 10**10))
def test_what_is_left_and_what_was_taken_are_the_whole(parts, taken):
    whole = amounts(**dict(zip(PARTS, parts, strict=True)))
    taken = min(Money(taken, "EUR"), whole.total)

    left = whole.without(taken)

    assert left.total + taken == whole.total
    assert left.is_whole


def test_no_more_is_taken_than_there_was():
    with pytest.raises(AssertionError, match="no more is taken"):
        amounts(goods=60).without(Money(61, "EUR"))


def test_a_share_of_nothing_is_all_of_it():
    nothing = Money.zero("EUR")
    assert share_of(nothing, nothing) == 1
    assert share_of(nothing, Money(3, "EUR")) == 0
