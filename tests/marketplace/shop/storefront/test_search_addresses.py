"""The page of results answers whatever its address holds, and when search is away."""

from __future__ import annotations

import re

import pytest

from marketplace.shop.storefront import queries
from search.api import SearchUnavailable
from tests.asking import says
from tests.marketplace.shop.storefront.browsing_shop import shown, soup

pytestmark = pytest.mark.usefixtures("rates")


def test_search_being_away_gives_a_plain_list_with_a_notice(german, monkeypatch):
    made = shown()

    def away(**_asked):
        raise SearchUnavailable

    monkeypatch.setattr(queries.search, "search", away)
    page = soup(german.get("/en/search?q=teapot"))

    assert says(page, "simple list of products")
    assert page.find("a", href=re.compile(made.ref))


def test_an_address_that_no_text_can_hold_is_not_found(german):
    assert german.get("/en/search?q=%00").status_code == 404


@pytest.mark.parametrize(
    "query",
    [
        "page=x",
        "page=99999999999",
        "low=abc&high=-1",
        "sort=zz",
        "vendor=x&vendor=9e9",
        "a.colour=zz&c=zz&country=zz",
        "q=" + "x" * 5000,
        "low=1e400",
        "stock=1&page=-2",
        "more=zz&more=brand",
    ],
)
def test_mangled_addresses_are_answered(german, query, monkeypatch):
    asked = []

    def empty(*, request):
        asked.append(request)
        raise SearchUnavailable

    monkeypatch.setattr(queries.search, "search", empty)

    assert german.get(f"/en/search?{query}").status_code == 200
    assert len(asked) == 1
