"""What shoppers of the demonstration type, and the shelf that it leads to."""

from __future__ import annotations

import pytest

from marketplace.shop.listing_index.jobs import PRODUCTS
from search import api as search
from search.engine import choice
from search.engine.embedded import EmbeddedEngine

GOLDEN = [
    ("en", "porcelain tee pot", "porcelain teapot", "teapots"),
    ("en", "tea pot", "teapot", "teapots"),
    ("en", "sun glasses", "sunglasses", "sunglasses"),
    ("en", "back pack", "backpack", "backpacks"),
    ("en", "wall clock", "", "clocks"),
    ("zh-CN", "红茶", "", "tea"),
    ("zh-CN", "紅茶", "", "tea"),
    ("zh-CN", "茶壺", "", "teapots"),
    ("zh-CN", "皮包", "", "bags"),
    ("zh-CN", "背包", "", "backpacks"),
    ("ja", "紅茶", "", "tea"),
    ("ja", "鞄", "", "bags"),
    ("ja", "かばん", "", "bags"),
    ("ja", "カバン", "", "bags"),
    ("ja", "きゅうす", "", "teapots"),
]


@pytest.fixture
def kinds(market, tmp_path):
    """The demonstration's goods in an index of their own; the shelves of each by its id."""
    documents = list(PRODUCTS.documents())
    choice.use(EmbeddedEngine(tmp_path / "search"))
    search.rebuild(documents=lambda: documents, expected=len(documents))
    yield {one.id: one.category_ids for one in documents}
    choice.use(None)


def test_what_people_type_leads_to_the_shelf_they_mean(kinds):
    strayed = {}
    for locale, typed, shown_for, kind in GOLDEN:
        page = search.search(request=search.SearchRequest(text=typed, locale=locale, size=1))
        shelves = [kinds[found] for found in page.ids[:1]]
        if page.shown_for != shown_for or not shelves or kind not in shelves[0]:
            strayed[locale, typed] = (page.shown_for, shelves)

    assert strayed == {}
