from __future__ import annotations

import pytest

from kernel.web.sorting import Column, sorting_of

COLUMNS = {"day": Column("Oldest first", "Newest first", falls=True), "price": Column("Up", "Down")}


def order(typed):
    return sorting_of(typed, COLUMNS, standard="-day")


@pytest.mark.parametrize("typed", ["", "weight", "--price", "-", "price "])
def test_an_order_that_is_not_offered_leaves_the_usual_one(typed):
    assert order(typed).written == "-day"


@pytest.mark.parametrize(
    ("typed", "day", "price"),
    [
        ("", "day", "price"),
        ("day", "-day", "price"),
        ("price", "-day", "-price"),
        ("-price", "-day", "price"),
    ],
)
def test_a_second_press_turns_a_column_and_a_first_one_takes_its_usual_way(typed, day, price):
    assert (order(typed).pressed("day"), order(typed).pressed("price")) == (day, price)


def test_one_column_alone_says_how_it_stands():
    assert [order("price").stands(name) for name in COLUMNS] == ["", "ascending"]
    assert [order("-day").stands(name) for name in COLUMNS] == ["descending", ""]


def test_the_usual_order_needs_no_word_in_an_address():
    assert order("-day").arguments == {}
    assert order("-price").arguments == {"sort": "-price"}


def test_every_way_is_offered_once_and_the_present_one_is_among_them():
    offered = dict(order("-price").choices)

    assert list(offered) == ["-day", "day", "price", "-price"]
    assert offered[order("-price").written] == order("-price").words == "Down"
