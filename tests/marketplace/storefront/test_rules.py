from __future__ import annotations

from marketplace.storefront.rules import fitting


def test_a_short_row_needs_no_menu():
    assert fitting(["Home", "Tea"], 400) == 2


def test_what_does_not_fit_leaves_room_for_the_menu():
    names = ["Kitchen"] * 10

    shown = fitting(names, 600)

    assert 0 < shown < 10
    assert shown * (24 + 7 * len("Kitchen")) <= 600 - 100


def test_wide_signs_take_more_room():
    assert fitting(["厨房餐具用品"] * 20, 900) < fitting(["abcdef"] * 20, 900)
