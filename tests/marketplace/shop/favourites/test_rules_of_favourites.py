"""What is news of goods that somebody likes, and how much comes along into an account."""

from __future__ import annotations

from datetime import timedelta

import pytest

from marketplace.shop.favourites import rules


@pytest.mark.parametrize(
    ("seen", "now", "is_news"),
    [(1_000_000, 950_000, True), (1_000_000, 950_001, False), (100, 95, True), (100, 96, False)],
)
def test_a_fall_is_news_from_a_twentieth_on(seen, now, is_news):
    assert rules.has_fallen(seen=seen, now=now) is is_news


def test_a_price_that_rose_or_stood_is_no_news():
    assert not rules.has_fallen(seen=8_900, now=8_900)
    assert not rules.has_fallen(seen=8_900, now=12_000)


@pytest.mark.parametrize(
    ("brought", "held", "fits"),
    [
        (3, 0, 3),
        (3, rules.MOST_WISHES - 3, 3),
        (3, rules.MOST_WISHES - 2, 2),
        (3, rules.MOST_WISHES, 0),
        (3, rules.MOST_WISHES + 5, 0),
        (0, 0, 0),
    ],
)
def test_as_much_comes_along_as_there_is_room_for(brought, held, fits):
    assert rules.taken_along(brought=brought, held=held) == fits


def test_a_cookie_holds_less_than_an_account_and_a_checkout_is_shorter_than_a_while_away():
    assert rules.MOST_IN_BROWSER < rules.MOST_WISHES
    assert timedelta(minutes=30) < rules.AWAY
