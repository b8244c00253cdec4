"""The search box offers shelves first, then goods and shops, each with the page it leads to."""

from __future__ import annotations

from types import SimpleNamespace

import pytest

from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors import service as vendor_service
from marketplace.shop.listing_index import service as shelves
from marketplace.shop.storefront import suggestions
from search.api import SearchUnavailable, Suggestion, SuggestionKind
from tests.marketplace.makers import make_offer, make_rates, make_vendor

TEA = Suggestion("Teapots", SuggestionKind.CATEGORY, "teapots", 6)


@pytest.fixture
def teapot(db):
    make_rates(JPY="160")
    shop = make_vendor(name="Mino Kiln", name_latin="Mino Kiln", slug="mino-kiln")
    made = make_offer(vendor=shop, titles={"ja": "急須", "en": "Shino teapot"})
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)
    return made


@pytest.fixture
def answering(monkeypatch):
    """Let search answer: which words are exact, and what is found for them."""

    def answers(words, found):
        monkeypatch.setattr(
            suggestions.search, "suggest", lambda *, text, locale, limit: tuple(words)[:limit]
        )
        monkeypatch.setattr(
            suggestions.search,
            "search",
            lambda *, request: SimpleNamespace(
                ids=found.get(request.text, (1,)), is_exact=request.text in found
            ),
        )

    return answers


def lines(text, limit=10):
    with reading():
        return suggestions.completions(text=text, locale="en", limit=limit)


def offered(text, limit=10):
    return [(one["kind"], one["text"]) for one in lines(text, limit)]


def shops(text):
    with reading():
        return vendors.beginning(text, most=2)


def test_shelves_goods_and_shops_are_offered_in_this_order(teapot, answering):
    answering([TEA], {"mino": (teapot.product_id,)})

    assert offered("mino") == [
        ("category", "Teapots"),
        ("product", "Shino teapot"),
        ("vendor", "Mino Kiln"),
    ]


def test_each_line_leads_to_its_own_page(teapot, answering, client):
    answering([TEA], {"mino": (teapot.product_id,)})

    paths = [one["path"] for one in lines("mino")]

    assert paths == ["c/teapots", f"p/{teapot.ref}/shino-teapot", "shops/mino-kiln"]
    assert [client.get(f"/en/{path}").status_code for path in paths[1:]] == [200, 200]


def test_half_a_word_finds_the_goods_of_the_shelf_it_begins(teapot, answering):
    answering([TEA], {"Teapots": (teapot.product_id,)})

    assert ("product", "Shino teapot") in offered("teap")


def test_goods_that_only_sound_alike_are_not_offered(teapot, answering):
    answering([], {})

    assert offered("shinto") == []


def test_goods_and_shops_leave_room_for_the_words(teapot, answering):
    same_title = Suggestion("Shino teapot", SuggestionKind.TITLE, "", 1)
    answering([same_title, TEA, TEA, TEA], {"mino": (teapot.product_id,)})

    assert offered("mino", limit=4) == [("category", "Teapots")] * 3 + [("product", "Shino teapot")]


def test_a_shop_is_found_by_any_word_of_its_name_while_it_is_open(teapot):
    kiln = [("Mino Kiln", "mino-kiln")]
    assert [shops(text) for text in ("MINO", "kil", "iln", "m", "%i")] == [kiln, kiln, [], [], []]

    vendor_service.pause(organisation_id=teapot.vendor.organisation_id, actor=SYSTEM)
    assert shops("mino") == []


def test_two_questions_to_the_database_are_enough(teapot, answering):
    answering([TEA], {"mino": (teapot.product_id,)})

    with counting_queries() as asked:
        offered("mino")

    assert len(asked) <= 2


def test_nothing_is_offered_while_search_is_away(db, monkeypatch):
    def away(**_):
        raise SearchUnavailable(reason="gone")

    monkeypatch.setattr(suggestions.search, "suggest", away)

    assert offered("tea") == []
