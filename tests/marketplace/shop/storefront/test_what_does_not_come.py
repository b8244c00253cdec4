"""What does not come to a country: left out and counted, shown when asked, never sold."""

from __future__ import annotations

import pytest

from kernel import memory
from kernel.actor import SYSTEM
from marketplace.catalogue.vendors import service as vendors
from marketplace.shop.listing_index import service as shelves
from marketplace.shop.storefront import queries
from search.api import Facets, SearchPage
from tests.asking import english, says
from tests.marketplace.shop.storefront.browsing_shop import product, shown, soup

pytestmark = pytest.mark.usefixtures("rates")


def test_a_shelf_leaves_out_what_does_not_come_says_so_and_shows_it_when_asked(german):
    made = shown()
    shown(titles={"en": "Second pot"})
    vendors.choose_destinations(
        organisation_id=made.vendor.organisation_id, countries=["FR"], actor=SYSTEM
    )
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)
    memory.forget_everything()

    narrow = soup(german.get("/en/c/teapots-s"))
    (way,) = narrow.find_all("a", string="Show all")
    wide = soup(german.get(way["href"]))

    assert [card.text.strip() for card in narrow.select(".card h3")] == ["Second pot"]
    assert says(
        narrow, "%(goods)s product, prices at your door in %(country)s.", goods=1, country="Germany"
    )
    assert says(narrow, "%(goods)s more doesn't ship to %(country)s.", goods=1, country="Germany")
    assert len(wide.select(".card")) == 2
    assert says(wide, "The seller doesn't ship to %(destination)s.", destination="Germany")
    (back,) = wide.find_all("a", string="Hide these")
    assert back["href"].startswith("/en/c/teapots-s")


def test_search_says_how_many_more_do_not_come_and_shows_them_when_asked(german, monkeypatch):
    made, asked = shown(), []
    found = SearchPage(
        ids=(made.product_id,), total=1, facets=Facets(), did_you_mean=None, plan=(), elsewhere=3
    )
    monkeypatch.setattr(
        queries.search, "search", lambda *, request: asked.append(request.destination) or found
    )

    page = soup(german.get("/en/search?q=pot"))
    (way,) = page.find_all("a", string="Show all")
    wide = soup(german.get(way["href"]))

    assert says(page, "%(goods)s more don't ship to %(country)s.", goods=3, country="Germany")
    assert asked == ["DE", ""]
    assert wide.find("input", attrs={"name": "all", "type": "hidden"})["value"] == "1"
    (back,) = wide.find_all("a", string="Hide these")
    assert "all=" not in back["href"]


def test_where_nothing_comes_the_page_says_so_and_not_that_nothing_was_found(german, monkeypatch):
    made = shown()
    vendors.choose_destinations(
        organisation_id=made.vendor.organisation_id, countries=["FR"], actor=SYSTEM
    )
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)
    memory.forget_everything()
    found = SearchPage(ids=(), total=0, facets=Facets(), did_you_mean=None, plan=(), elsewhere=1)
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    for page in (soup(german.get("/en/c/teapots-s")), soup(german.get("/en/search?q=pot"))):
        assert says(page, "None of these ship to %(country)s", country="Germany")
        assert not says(page, "Nothing found")
        assert not says(page, "This category is empty")
        assert len(page.find_all("a", string=english("Show all"))) == 1


def test_a_product_that_does_not_come_says_why_and_cannot_be_bought(german):
    made = shown()
    vendors.choose_destinations(
        organisation_id=made.vendor.organisation_id, countries=["FR"], actor=SYSTEM
    )
    memory.forget_everything()

    page = product(german, made)

    assert says(
        page,
        "This doesn't ship to %(country)s.",
        country="Germany. The seller doesn't ship to Germany",
    )
    assert page.find("form", id="add") is None or not page.select("form#add .btn")
