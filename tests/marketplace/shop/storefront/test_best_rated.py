"""Stars filter and order goods, on shelves and in results, and follow every review."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup

from kernel import jobs
from kernel.actor import SYSTEM
from kernel.db import reading
from marketplace.catalogue.ratings import service as ratings
from marketplace.shop.listing_index.queries import Order, Reader, shelf
from marketplace.shop.storefront.facets import telling_stars
from marketplace.shop.storefront.rules import Query
from search.api import FacetValue
from search.engine import choice
from search.engine.memory import MemoryEngine
from search.indexing import rebuild
from tests.asking import says
from tests.marketplace.makers import make_category, make_offer, make_rates, make_vendor


@pytest.fixture
def goods(db):
    """Four teapots by name: loved by many, liked once, disliked, unknown."""
    engine = MemoryEngine()
    rebuild(engine, list, expected=0)
    choice.use(engine)
    make_rates(JPY="160")
    make_category("teapots-r", en="Teapots")
    shop = make_vendor()
    found = {
        name: make_offer(vendor=shop, titles={"en": f"{name} teapot"}, category="teapots-r")
        for name in ("Unknown", "Disliked", "Once", "Loved")
    }
    for name, stars in {"Disliked": [2, 3], "Once": [5], "Loved": [5] * 18 + [4] * 2}.items():
        for given in stars:
            rate(found[name], after=given)
    jobs.drain()
    yield found
    choice.use(None)


def rate(made, before=None, after=None):
    ratings.move(
        product_id=made.product_id,
        vendor_id=made.vendor.id,
        before=before,
        after=after,
        actor=SYSTEM,
    )


def names(page):
    return [link.get_text().split()[0] for link in page.select(".card h3 a")]


def soup(client, address):
    answer = client.get(address)
    assert answer.status_code == 200, answer.text[:300]
    return BeautifulSoup(answer.text, "html.parser")


@pytest.mark.parametrize(
    "address", ["/en/search?q=teapot&sort=rated", "/en/c/teapots-r?sort=rated"]
)
def test_many_that_are_pleased_stand_before_one_and_what_nobody_reviewed_is_last(
    client, goods, address
):
    assert names(soup(client, address)) == ["Loved", "Once", "Disliked", "Unknown"]


def test_pages_of_a_shelf_by_stars_go_on_where_the_last_ended(goods):
    asked = {"category_id": make_category("teapots-r"), "reader": Reader("en", "EUR"), "size": 2}
    with reading():
        first = shelf(**asked, order=Order.RATED)
        rest = shelf(**asked, order=Order.RATED, after=first.after)

    assert [card.title.split()[0] for card in (*first.product_cards, *rest.product_cards)] == [
        "Loved",
        "Once",
        "Disliked",
        "Unknown",
    ]
    assert rest.after == ""


def counted(page):
    return {
        line.find("input")["value"]: int(line.select_one(".number").text)
        for line in page.select("label:has([name=stars])")
        if line.select_one(".number")
    }


def test_each_step_counts_what_reaches_it_and_says_more_than_the_step_above(client, goods):
    # Three stars let in what four do, one what two do: nothing is to be chosen there.
    assert counted(soup(client, "/en/search?q=teapot")) == {"": 4, "4": 2, "2": 3}
    page = soup(client, "/en/search?q=teapot&stars=4")
    assert counted(page) == {"4": 2, "2": 3}

    assert set(names(page)) == {"Loved", "Once"}
    assert page.select_one("[name=stars][checked]")["value"] == "4"
    (chip,) = page.select("nav.chips a.chosen")
    assert says(chip, "%(stars)d stars and up", stars=4)
    assert "stars" not in chip["href"]


def test_a_review_that_changes_or_goes_moves_its_goods(client, goods):
    rate(goods["Once"], before=5, after=1)
    jobs.drain()
    page = soup(client, "/en/search?q=teapot&stars=2&sort=rated")
    assert (names(page), counted(page)) == (
        ["Loved", "Disliked"],
        {"4": 1, "2": 2, "1": 3},
    )

    rate(goods["Once"], before=1)
    jobs.drain()
    assert counted(soup(client, "/en/search?q=teapot")) == {"": 4, "4": 1, "2": 2}


def test_a_step_that_was_chosen_stays_where_it_says_nothing(client, goods):
    assert counted(soup(client, "/en/search?q=teapot&stars=3")) == {"4": 2, "3": 2, "2": 3}


def test_a_step_that_all_goods_found_reach_is_not_offered():
    lines = (FacetValue(value="4", count=3), FacetValue(value="3", count=7))

    assert telling_stars(lines, Query(), 7) == lines[:1]


@pytest.mark.parametrize("typed", ["5", "0", "-1", "four", "٤", ""])
def test_what_no_page_of_ours_asks_for_filters_nothing(client, goods, typed):
    assert len(names(soup(client, f"/en/search?q=teapot&stars={typed}"))) == 4


def test_how_it_is_ordered_is_told_as_it_is_done(client):
    told = soup(client, "/en/about/ranking").find(id="stars").find_next("p").text

    assert says(told, "the five three-star reviews")
