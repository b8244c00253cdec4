from __future__ import annotations

from marketplace.catalogue.products.rules import difference


def test_only_what_differs_is_told_as_it_was_and_as_it_is():
    before = {"en": ["Pot", ""], "fr": ["Pot", ""], "de": ["Topf", ""]}
    after = {"en": ["Teapot", ""], "fr": ["Pot", ""], "ja": ["急須", ""]}

    was, became = difference(before, after)

    assert was == {"en": ["Pot", ""], "de": ["Topf", ""]}
    assert became == {"en": ["Teapot", ""], "ja": ["急須", ""]}


def test_nothing_is_told_of_the_same():
    assert difference({"a": None}, {"a": None}) == ({}, {})


def test_an_empty_value_is_told_apart_from_none_at_all():
    assert difference({}, {"a": None}) == ({}, {"a": None})
