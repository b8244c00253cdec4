from __future__ import annotations

from marketplace.shop.storefront.rules import BARS, TALL, Query, drawn_prices, fitting


def test_a_short_row_needs_no_menu():
    assert fitting(["Home", "Tea"], 400) == 2


def test_what_does_not_fit_leaves_room_for_the_menu():
    names = ["Kitchen"] * 10

    shown = fitting(names, 600)

    assert 0 < shown < 10
    assert shown * (24 + 7 * len("Kitchen")) <= 600 - 100


def test_wide_signs_take_more_room():
    assert fitting(["厨房餐具用品"] * 20, 900) < fitting(["abcdef"] * 20, 900)


def test_bars_say_how_prices_are_spread_and_which_a_bound_lets_through():
    steps = [(0, 100, 2), (100, 120, 4), (120, 160, 0), (160, None, 1)]

    bars = drawn_prices(steps, low=110, high=130)

    assert [bar.height for bar in bars] == [TALL // 2, TALL, 0, TALL // 4]
    assert [bar.is_in for bar in bars] == [False, True, True, False]


def test_many_steps_stand_together_and_few_are_not_drawn():
    many = [(at, at + 1, 1) for at in range(40)]

    assert len(drawn_prices(many, low=None, high=None)) == 14 <= BARS
    assert drawn_prices(many[:2], low=None, high=None) == ()
    assert drawn_prices([], low=None, high=None) == ()


def test_each_filter_in_force_can_be_taken_back_alone():
    query = Query(values={"c": ("tea",), "brand": ("A", "B")}, low=5, in_stock=True, is_near=True)

    looser = query.loosened

    assert query.ticks == 6 == len(looser)
    assert {way: left.ticks for way, left in looser.items()} == dict.fromkeys(looser, 5)
    assert looser["brand", "A"].values == {"c": ("tea",), "brand": ("B",)}
    assert not Query(text="tea").is_narrowed
