"""What people type and what they mean: a golden set, on every engine."""

from __future__ import annotations

import pytest

from search import api
from search.documents import SearchRequest
from tests.search.conftest import make_product

TEAPOTS, TEA, BAGS, MOKA, SUNGLASSES = 1, 2, 3, 4, 5

BEVERAGES = {"en": ("Tea & coffee",), "de": ("Tee & Kaffee",), "ja": ("お茶・コーヒー",)}


@pytest.fixture
def shop(shelf):
    shelf(
        make_product(
            TEAPOTS,
            titles={"en": "Porcelain teapot, 450 ml", "zh-CN": "青花瓷茶壶"},
            category_names={"en": ("Teapots",), "zh-CN": ("茶壶",), "ja": ("急須", "きゅうす")},
            parent_names=BEVERAGES,
            category_ids=("drinks", "teapots"),
        ),
        make_product(
            TEA,
            titles={"en": "Keemun, 100 g", "zh-CN": "祁门工夫 100 克"},
            category_names={
                "en": ("Tea",),
                "zh-CN": ("茶叶", "红茶"),
                "ja": ("お茶・茶葉", "紅茶"),
            },
            parent_names=BEVERAGES,
            category_ids=("drinks", "tea"),
        ),
        make_product(
            BAGS,
            titles={"en": "Leather satchel", "ja": "革のサッチェル"},
            category_names={
                "en": ("Bags", "backpack"),
                "ja": ("バッグ", "鞄", "かばん"),
                "zh-CN": ("箱包", "皮包"),
            },
            category_ids=("bags",),
        ),
        make_product(
            MOKA,
            titles={"en": "Moka pot, porcelain handle"},
            category_names={"en": ("Coffee makers",)},
            parent_names=BEVERAGES,
            category_ids=("drinks", "coffee-makers"),
        ),
        make_product(
            SUNGLASSES,
            titles={"en": "Acetate sunglasses"},
            category_names={"en": ("Sunglasses",)},
            category_ids=("wear", "sunglasses"),
        ),
    )


def answered(text, locale="en", **more):
    return api.search(request=SearchRequest(text=text, locale=locale, **more))


@pytest.mark.parametrize(
    ("typed", "answered_as", "first"),
    [
        ("porcelain tee pot", "porcelain teapot", TEAPOTS),
        ("porcelain tea pot", "porcelain teapot", TEAPOTS),
        ("tea pot", "teapot", TEAPOTS),
        ("Tee Pot", "teapot", TEAPOTS),
        ("back pack", "backpack", BAGS),
        ("sun glasses", "sunglasses", SUNGLASSES),
        ("sun glases", "sunglasses", SUNGLASSES),
    ],
)
@pytest.mark.parametrize("locale", ["en", "de", "ja"])
def test_words_written_apart_are_answered_as_the_one_they_are(
    shop, typed, answered_as, first, locale
):
    page = answered(typed, locale)

    assert (page.shown_for, page.ids[0], page.is_exact) == (answered_as, first, True)


def test_words_are_answered_as_typed_to_whoever_insists(shop):
    page = answered("tea pot", is_literal=True)

    assert page.shown_for == ""
    assert MOKA in page.ids


@pytest.mark.parametrize("typed", ["moka pot", "leather satchel", "porcelain teapot", "teapot"])
def test_words_that_a_name_holds_are_taken_as_they_stand(shop, typed):
    assert answered(typed).shown_for == ""


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("红茶", TEA),  # simplified, traditional and Japanese write it with two other signs
        ("紅茶", TEA),
        ("鞄", BAGS),
        ("かばん", BAGS),
        ("カバン", BAGS),
        ("ｶﾊﾞﾝ", BAGS),
        ("皮包", BAGS),
        ("茶壶", TEAPOTS),
        ("茶壺", TEAPOTS),
        ("急須", TEAPOTS),
        ("きゅうす", TEAPOTS),
        ("キュウス", TEAPOTS),
    ],
)
@pytest.mark.parametrize("locale", ["zh-CN", "ja", "en"])
def test_goods_are_found_in_chinese_and_japanese_however_they_are_written(
    shop, typed, first, locale
):
    page = answered(typed, locale)

    assert page.ids[0] == first
    assert page.is_exact


@pytest.mark.parametrize(
    ("typed", "locale", "completed"),
    [
        ("tee pot", "en", "Teapots"),
        ("back pack", "en", "Bags"),
        ("红茶", "zh-CN", "茶叶"),
        ("紅茶", "ja", "お茶・茶葉"),
        ("鞄", "ja", "バッグ"),
        ("カバン", "ja", "バッグ"),
        ("皮包", "zh-CN", "箱包"),
    ],
)
def test_the_box_completes_them_while_they_are_typed(shop, typed, locale, completed):
    assert [one.text for one in api.suggest(text=typed, locale=locale)][:1] == [completed]


@pytest.mark.parametrize("typed", ["tee pot", "tea po", "porcelain tee pot"])
def test_goods_are_offered_while_words_are_typed_apart(shop, typed):
    assert answered(typed, is_typing=True).ids[:1] == (TEAPOTS,)
