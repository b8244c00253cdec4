"""Completions: in the shopper's language, of what can be bought, by any beginning."""

from __future__ import annotations

import pytest

from search import api
from search.documents import SearchRequest, SuggestionKind
from search.indexing import forget
from tests.search.conftest import make_product

NAMES = {
    "en": ("Winter jackets",),
    "de": ("Winterjacken",),
    "ko": ("찻주전자",),
    "zh-CN": ("茶壶",),
}


def texts(text: str, locale: str = "en") -> list[str]:
    return [item.text for item in api.suggest(text=text, locale=locale)]


@pytest.fixture
def jackets(shelf):
    shelf(
        make_product(1, titles={"en": "Wind jacket"}, category_names=NAMES, brand="Winova"),
        make_product(2, titles={"en": "Rain coat"}, category_names=NAMES),
    )


def test_categories_come_before_brands_and_titles(jackets):
    found = api.suggest(text="win", locale="en")

    assert [(item.kind, item.text, item.count) for item in found] == [
        (SuggestionKind.CATEGORY, "Winter jackets", 2),
        (SuggestionKind.BRAND, "Winova", 1),
        (SuggestionKind.TITLE, "Wind jacket", 1),
    ]
    assert found[0].target == "teapots"


@pytest.mark.parametrize(
    ("typed", "locale", "expected"),
    [
        ("jack", "en", "Winter jackets"),
        ("WINTERJ", "de", "Winterjacken"),
        ("찻ㅈ", "ko", "찻주전자"),
        ("찻주", "ko", "찻주전자"),
        ("茶", "zh-CN", "茶壶"),
        ("茶壺", "zh-CN", "茶壶"),
    ],
)
def test_any_beginning_of_a_word_leads_to_it(jackets, typed, locale, expected):
    assert expected in texts(typed, locale)


def test_titles_wait_for_a_third_sign(jackets):
    assert "Wind jacket" not in texts("wi")


def test_other_languages_do_not_mix_in(jackets):
    assert "Winterjacken" not in texts("winter", "en")


def test_nothing_of_a_removed_product_is_suggested(engine, jackets):
    forget(engine, [1], {})

    assert texts("wind") == []
    assert api.suggest(text="winter", locale="en")[0].count == 1


def typed(text: str) -> tuple[int, ...]:
    return api.search(request=SearchRequest(text=text, is_typing=True, with_facets=False)).ids


def test_a_word_being_typed_finds_what_holds_it_before_what_it_begins(shelf):
    shelf(
        make_product(1, titles={"en": "Minoan jug"}, category_ids=("jugs",)),
        make_product(2, titles={"en": "Mino cup"}, category_ids=("cups",)),
        make_product(3, titles={"en": "Spoon"}, category_ids=("cups",)),
    )

    assert typed("mino") == (2, 1)


def test_a_word_being_typed_is_not_cut_down_to_a_short_word_of_another_language(shelf):
    shelf(
        make_product(1, titles={"en": "Honey"}, descriptions={"en": "Keeps 4 min"}),
        make_product(2, titles={"en": "Two teas"}, category_ids=("tea",)),
    )

    assert typed("mino") == ()
    assert typed("tea") == typed("teas") == (2,)
    assert api.search(request=SearchRequest(text="mino")).ids == (1,)
