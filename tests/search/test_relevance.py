"""What shoppers type and what they get, on every engine."""

from __future__ import annotations

import pytest

from search import api
from search.documents import Filters, Match, SearchRequest
from tests.search.conftest import make_product

TEAPOT = {
    "en": ("Teapots",),
    "de": ("Teekannen",),
    "fr": ("Théières",),
    "es": ("Teteras",),
    "pl": ("Czajniki do herbaty",),
    "ja": ("ティーポット",),
    "ko": ("찻주전자",),
    "zh-CN": ("茶壶",),
    "ar": ("أباريق الشاي",),
}


def page(text: str, locale: str = "en", **request):
    return api.search(request=SearchRequest(text=text, locale=locale, **request))


@pytest.fixture
def shop(shelf):
    shelf(
        make_product(
            1,
            titles={"de": "Handgemachte Kanne"},
            category_names=TEAPOT,
            category_ids=("home", "teapots"),
            brand="Quatengra",
            model="KF-2302",
            skus=("QUA-00133", "4006381333931"),
        ),
        make_product(
            2,
            titles={"en": "Warm hat", "de": "Warme Mütze"},
            category_names={"de": ("Mützen",), "en": ("Hats",), "da": ("Huer",)},
            category_ids=("wear", "hats"),
        ),
        make_product(
            3,
            titles={"ja": "ワイヤレスイヤホン"},
            category_names={"ko": ("무선 이어폰",), "zh-CN": ("无线耳机",)},
            category_ids=("sound", "earphones"),
        ),
        make_product(
            4,
            titles={"zh-CN": "儿童保温水杯"},
            category_names={"ru": ("Чёрные кружки",)},
            category_ids=("home", "cups"),
            skus=("QUA-00134",),
        ),
    )


@pytest.mark.parametrize(
    "text",
    [
        "teapot",
        "Teapots",
        "Teekanne",
        "théière",
        "theiere",
        "THEIERES",
        "tetera",
        "茶壶",
        "茶壺",
        "ティーポット",
        "ﾃｨｰﾎﾟｯﾄ",
        "찻주전자",
        "czajnik",
        "إبريق الشاي".replace("إبريق", "اباريق"),
        "teapt",
        "teekane",
        "tepaot",
    ],
)
@pytest.mark.parametrize("locale", ["en", "zh-CN", "ar"])
def test_a_german_only_teapot_is_found_in_every_language(shop, text, locale):
    assert page(text, locale).ids[:1] == (1,)


@pytest.mark.parametrize(
    "text",
    [
        "QUA-00133",
        "qua00133",
        "ＱＵＡ－００１３３",
        "4006381333931",
        "kf 2302",
        "Quatengra KF-2302",
        "quatengra kf2302",
    ],
)
@pytest.mark.parametrize("locale", ["en", "ja", "ar"])
def test_a_code_is_found_however_it_is_written_and_alone(shop, text, locale):
    found = page(text, locale)

    assert found.ids == (1,)
    assert found.plan[0].match is Match.CODE


def test_a_wrong_code_never_becomes_another_products(shop):
    assert page("QUA-00135").ids == ()
    assert page("4006381333932").ids == ()


@pytest.mark.parametrize("text", ["Muetze", "Mütze", "mutze", "MÜTZEN"])
def test_umlauts_may_be_left_out_or_written_out(shop, text):
    assert page(text).ids[:1] == (2,)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("イヤホン", 3),
        ("이어폰", 3),
        ("耳机", 3),
        ("耳機", 3),
        ("保温水杯", 4),
        ("черные кружки", 4),
        ("ЧЁРНЫЕ КРУЖКИ", 4),
    ],
)
def test_parts_of_unspaced_text_and_other_spellings_are_found(shop, text, expected):
    assert page(text).ids[:1] == (expected,)


@pytest.mark.parametrize("text", ["spmgpwtdtxg", "zkgdfns", "wqnqqjp", "龘靐", "ϗϗϗϗ"])
def test_nonsense_finds_nothing(shop, text):
    found = page(text)

    assert (found.ids, found.total, found.did_you_mean) == ((), 0, None)
    assert not found.is_exact


def test_a_typing_error_is_forgiven_and_the_right_word_offered(shop):
    found = page("handgemahcte kanne")

    assert found.ids[0] == 1
    assert found.did_you_mean == "handgemachte kanne"
    assert not found.is_exact
    assert found.plan[0].match is Match.SIMILAR_WORDS


def test_a_right_word_is_never_corrected(shop):
    found = page("warm hat")

    assert found.did_you_mean is None
    assert found.is_exact


def test_all_words_stand_before_some_words(shelf):
    shelf(
        make_product(1, titles={"en": "Red cotton bag"}, category_ids=("a",)),
        make_product(
            2,
            titles={"en": "Red cotton bag made of leather red red"},
            popularity=9000,
            category_ids=("a",),
        ),
        make_product(
            3,
            titles={"en": "Red leather red leather bag bag"},
            popularity=90_000,
            category_ids=("a",),
        ),
    )

    found = page("red cotton bag")

    assert set(found.ids[:2]) == {1, 2}
    assert found.ids[2] == 3
    assert [tier.match for tier in found.plan] == [Match.ALL_WORDS, Match.SAME_KIND]


def test_little_words_may_be_missing(shelf):
    shelf(make_product(1, titles={"fr": "Sac en cuir pour homme"}))

    assert page("sac de cuir avec homme", "fr").is_exact


def test_more_of_the_same_kind_fills_a_short_page(shelf):
    shelf(
        make_product(1, titles={"ru": "самокат"}, category_ids=("sport", "scooters")),
        make_product(2, titles={"it": "Monopattino"}, category_ids=("sport", "scooters")),
        make_product(3, titles={"it": "Palla"}, category_ids=("sport", "balls")),
    )

    found = page("самокат", "ru")

    assert found.ids == (1, 2)
    assert [(tier.match, tier.found) for tier in found.plan] == [
        (Match.ALL_WORDS, 1),
        (Match.SAME_KIND, 1),
    ]


def test_one_language_more_changes_no_result_of_another(shelf):
    shelf(make_product(1, titles={"ja": "紅茶ポット"}), make_product(2, titles={"ja": "花瓶"}))
    before = page("紅茶ポット", "ja").ids

    shelf(make_product(3, titles={"zh-CN": "儿童水杯"}, category_ids=("home", "cups")))

    assert page("紅茶ポット", "ja").ids == before


def test_ticks_of_one_facet_leave_its_own_counts_and_narrow_the_others(shelf):
    colours = ["red", "red", "blue", "green"]
    shelf(
        *(
            make_product(
                key,
                attributes={"colour": (colour,), "size": ("L" if key % 2 else "M",)},
                brand=f"Brand {key % 2}",
                prices={"FR": key * 100},
                in_stock=key != 1,
            )
            for key, colour in enumerate(colours, 1)
        )
    )

    ticked = Filters(attributes={"colour": frozenset({"red"})}, price_high=300)
    found = page("teapot", filters=ticked, door="FR")

    values = {(v.value, v.count, v.selected) for v in found.facets.attributes["colour"]}
    assert values == {("red", 2, True), ("blue", 1, False)}
    assert {(v.value, v.count) for v in found.facets.attributes["size"]} == {("L", 1), ("M", 1)}
    assert {(v.value, v.count) for v in found.facets.brands} == {("Brand 0", 1), ("Brand 1", 1)}
    assert (found.facets.price_low, found.facets.price_high) == (100, 200)
    assert (found.facets.in_stock, found.total) == (1, 2)


def test_a_category_counts_everything_below_it(shelf):
    shelf(make_product(1), make_product(2), make_product(3, category_ids=("home", "cups")))

    found = page("")

    counts = {value.value: value.count for value in found.facets.categories}
    assert counts == {"home": 3, "teapots": 2, "cups": 1}
    below = page("", filters=Filters(categories=frozenset({"teapots", "cups"})))
    assert below.total == 3


def test_the_plan_explains_what_was_asked(shop):
    found = page("teapot")

    assert "teapot" in found.plan[0].query


@pytest.fixture
def joined(shelf):
    shelf(
        make_product(1, titles={"de": "Jacke blau"}, category_ids=("a",)),
        make_product(2, titles={"de": "Winterjacke"}, category_ids=("b",)),
        make_product(3, titles={"de": "Spiegel für den Autositz"}, category_ids=("c",)),
    )


def test_a_word_finds_longer_words_that_end_with_it_after_itself(joined):
    found = page("Jacke", "de")

    assert found.ids == (1, 2)
    assert [tier.match for tier in found.plan][:2] == [Match.ALL_WORDS, Match.PARTS]


def test_a_strange_long_word_is_taken_apart(joined):
    found = page("Autositzspiegel", "de")

    assert found.ids == (3,)
    assert found.plan[0].match is Match.PARTS


def test_words_are_not_taken_apart_where_nobody_joins_them(joined):
    assert 3 not in page("Autositzspiegel", "fr").ids
