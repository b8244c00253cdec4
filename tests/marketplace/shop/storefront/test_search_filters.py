"""Filters beside what was found: which are offered, what they say, how they are taken back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from kernel import clock as business_clock
from marketplace.catalogue.products import queries as catalogue_queries
from marketplace.catalogue.products.queries import AttributeView
from marketplace.shop.storefront import queries
from search.api import Facets, FacetValue, PriceBar, SearchPage
from tests.asking import english, heading, says
from tests.marketplace.makers import make_vendor
from tests.marketplace.shop.storefront.browsing_shop import shown, soup

pytestmark = pytest.mark.usefixtures("rates")


def test_a_filter_that_hardly_any_goods_have_stays_away_until_it_is_ticked(german, monkeypatch):
    known = {key: AttributeView(key, "choice", None, {"en": key}, {}) for key in ("glaze", "size")}
    monkeypatch.setattr(catalogue_queries, "attributes", lambda: known)
    attributes = {
        "glaze": (FacetValue(value="ash", count=600),),
        "size": (FacetValue(value="L", count=30),),
    }
    found = SearchPage(
        ids=(), total=700, facets=Facets(attributes=attributes), did_you_mean=None, plan=()
    )
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    def boxes(address):
        return [box["name"] for box in soup(german.get(address)).select("fieldset input[name^=a]")]

    assert boxes("/en/search?q=pot") == ["a.glaze"]
    assert boxes("/en/search?q=pot&a.size=L") == ["a.glaze", "a.size"]


def test_a_value_that_all_goods_found_have_parts_nothing_and_stays_away(german, monkeypatch):
    brands = (FacetValue(value="Lumet", count=7), FacetValue(value="Meiwu", count=3))
    sellers = (FacetValue(value="1", count=7),)
    found = SearchPage(
        ids=(),
        total=7,
        facets=Facets(brands=brands, vendors=sellers, in_stock=7),
        did_you_mean=None,
        plan=(),
    )
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    def boxes(address):
        page = soup(german.get(address))
        return [box["value"] for box in page.select("fieldset [type=checkbox]")]

    assert boxes("/en/search?q=pot") == ["Meiwu"]
    # What is ticked can be taken back, and its neighbours can be added to it.
    assert boxes("/en/search?q=pot&brand=Lumet&stock=1") == ["1", "Lumet", "Meiwu"]


def test_a_long_filter_shows_its_first_values_and_what_is_ticked_until_it_is_opened(
    german, monkeypatch
):
    brands = tuple(FacetValue(value=f"Brand {n:02}", count=50 - n) for n in range(12))
    found = SearchPage(ids=(), total=0, facets=Facets(brands=brands), did_you_mean=None, plan=())
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    def named(page):
        return [
            box["value"]
            for box in page.find_all("input", attrs={"name": "brand", "type": "checkbox"})
        ]

    closed = soup(german.get("/en/search?q=pot&stock=1&brand=Brand+10"))
    (way,) = closed.find_all("a", string="Show 3 more")
    opened = soup(german.get(way["href"]))

    assert named(closed) == [*(f"Brand {n:02}" for n in range(8)), "Brand 10"]
    assert named(opened) == [f"Brand {n:02}" for n in range(12)]
    assert opened.find("input", value="Brand 10").has_attr("checked")
    assert opened.find("label", attrs={"data-start": True}).text.startswith("Brand 08")
    assert opened.find("input", attrs={"name": "more", "type": "hidden"})["value"] == "brand"


@pytest.mark.parametrize(
    ("bounds", "said"),
    [("low=10&high=50", "€10.00 – €50.00"), ("low=10", "≥ €10.00"), ("high=50", "≤ €50.00")],
)
def test_the_filter_on_the_price_says_its_bounds(german, bounds, said):
    page = soup(german.get(f"/en/search?q=teapot&{bounds}"))

    (chip,) = page.select("nav.chips a.chosen")
    assert chip.bdi.text == f"Price: {said}"


def test_filters_that_let_nothing_through_are_offered_to_be_taken_back_one_by_one(
    german, monkeypatch
):
    made = shown()

    def answer(*, request):
        is_tight = request.filters.in_stock
        facets = Facets(countries=(FacetValue(value="FR", count=0, selected=True),))
        return SearchPage(
            ids=() if is_tight else (made.product_id,),
            total=0 if is_tight else 7,
            facets=facets,
            did_you_mean=None,
            plan=(),
        )

    monkeypatch.setattr(queries.search, "search", answer)
    page = soup(german.get("/en/search?q=pot&country=FR&stock=1"))

    chips = [chip.bdi.text for chip in page.select("nav.chips a.chosen")]
    assert chips == ["France", english("In stock")]
    (way,) = [a for a in page.select("section .chips a") if a.text.startswith("Without")]
    assert way.text.split() == ["Without", "“In", "stock”", "7"]
    assert len(soup(german.get(way["href"])).select(".card")) == 1


def test_the_filter_on_the_price_draws_how_prices_are_spread(german, monkeypatch):
    made = shown()
    bars = tuple(PriceBar(low=n * 100, high=n * 100 + 100, count=n) for n in range(1, 5))
    found = SearchPage(
        ids=(made.product_id,), total=1, facets=Facets(prices=bars), did_you_mean=None, plan=()
    )
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    page = soup(german.get("/en/search?q=pot&low=3"))

    drawn = page.find("svg", class_="bars")
    assert drawn["aria-label"] == english("Spread of prices")
    assert [rect["height"] for rect in drawn("rect")] == ["10", "20", "30", "40"]
    assert [rect.get("class") for rect in drawn("rect")] == [None, None, ["chosen"], ["chosen"]]
    assert page.find("input", attrs={"name": "low"})["value"] == "3.00"


def test_goods_that_cross_no_customs_border_are_one_press_away(german, monkeypatch):
    made, asked = shown(), []
    countries = (FacetValue(value="JP", count=5), FacetValue(value="FR", count=2))
    found = SearchPage(
        ids=(made.product_id,),
        total=7,
        facets=Facets(countries=countries),
        did_you_mean=None,
        plan=(),
    )
    monkeypatch.setattr(
        queries.search, "search", lambda *, request: asked.append(request.filters) or found
    )

    page = soup(german.get("/en/search?q=pot"))
    (way,) = [a for a in page.select("nav.chips a") if a.text == "No customs to clear"]
    near = soup(german.get(way["href"]))

    assert asked[0].within == frozenset()
    assert {"DE", "FR"} < asked[1].within
    assert "JP" not in asked[1].within
    box = near.find("input", attrs={"name": "near"})
    assert box.has_attr("checked")
    assert box.find_parent("label").find(class_="number").text == "2"
    assert [a.bdi.text for a in near.select("nav.chips a.chosen")] == [
        english("No customs to clear")
    ]


def test_a_day_of_arrival_filters_and_can_be_taken_back(german, monkeypatch):
    made, asked = shown(), []
    found = SearchPage(ids=(made.product_id,), total=1, facets=Facets(), did_you_mean=None, plan=())
    monkeypatch.setattr(
        queries.search, "search", lambda *, request: asked.append(request.filters) or found
    )

    page = soup(german.get("/en/search?q=pot&by=2099-01-31"))
    (chip,) = page.select("nav.chips a.chosen")
    soup(german.get(chip["href"]))
    german.get("/en/search?q=pot&by=someday")

    assert asked[0].ready == {"JP": 14}
    assert asked[1].ready is asked[2].ready is None
    assert chip.bdi.text == "Arrives by: Sat 31 Jan"
    assert page.find("input", type="date")["value"] == "2099-01-31"


def test_a_day_is_not_offered_where_all_that_is_seen_arrives_later(german, monkeypatch):
    made = shown()
    found = SearchPage(ids=(made.product_id,), total=1, facets=Facets(), did_you_mean=None, plan=())
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    page = soup(german.get("/en/search?q=pot"))

    assert page.select(".card")
    assert not page.select("nav.chips a[href*='by=']")


def test_what_arrives_soon_is_one_press_away(german, monkeypatch):
    made = shown()
    found = SearchPage(ids=(made.product_id,), total=2, facets=Facets(), did_you_mean=None, plan=())
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    page = soup(german.get("/en/search?q=pot"))

    (way,) = page.select("nav.chips a[href*='by=']")
    soon = business_clock.today() + timedelta(days=10)
    assert f"by={soon.isoformat()}" in way["href"]


def test_a_seller_among_the_filters_is_named_in_letters_that_the_reader_knows(german, monkeypatch):
    shop = make_vendor(name="青岚瓷作", name_latin="Qinglan Porcelain")
    made = shown(vendor=shop)
    sellers = (FacetValue(value=str(shop.id), count=1),)
    found = SearchPage(
        ids=(made.product_id,), total=2, facets=Facets(vendors=sellers), did_you_mean=None, plan=()
    )
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    def named(lang):
        page = soup(german.get(f"/{lang}/search?q=pot"))
        return page.find("input", attrs={"name": "vendor"}).find_parent("label").bdi.text

    assert (named("en"), named("zh-cn")) == ("Qinglan Porcelain", "青岚瓷作")


def test_a_brand_among_the_filters_is_named_in_letters_that_the_reader_knows(german, monkeypatch):
    made = shown(brand="青岚", brand_latin="Qinglan")
    brands = (FacetValue(value="青岚", count=1), FacetValue(value="Lumet", count=1))
    found = SearchPage(
        ids=(made.product_id,), total=2, facets=Facets(brands=brands), did_you_mean=None, plan=()
    )
    monkeypatch.setattr(queries.search, "search", lambda *, request: found)

    def named(lang):
        page = soup(german.get(f"/{lang}/search?q=pot"))
        boxes = page.find_all("input", attrs={"name": "brand", "type": "checkbox"})
        return [(box["value"], box.find_parent("label").bdi.text) for box in boxes]

    assert named("en") == [("青岚", "Qinglan"), ("Lumet", "Lumet")]
    assert named("zh-cn") == [("青岚", "青岚"), ("Lumet", "Lumet")]


def test_words_answered_instead_are_named_with_the_way_back_to_those_typed(german, monkeypatch):
    made, asked = shown(), []
    found = SearchPage(
        ids=(made.product_id,),
        total=1,
        facets=Facets(),
        did_you_mean=None,
        plan=(),
        shown_for="porcelain teapot",
    )
    monkeypatch.setattr(queries.search, "search", lambda *, request: asked.append(request) or found)

    page = soup(german.get("/en/search?q=porcelain+tee+pot"))
    note = page.select_one("#found .note")
    insisted = soup(german.get(note.a["href"]))

    assert says(
        note,
        "Showing results for <b><bdi>%(words)s</bdi></b>. Search instead for",
        words="porcelain teapot",
    )
    assert (note.a.text, heading(page)) == ("porcelain tee pot", "porcelain teapot")
    assert [(one.text, one.is_literal) for one in asked] == [
        ("porcelain tee pot", False),
        ("porcelain tee pot", True),
    ]
    # A filter ticked there does not change the words again.
    assert insisted.select_one("form.facets input[name=exact]")["value"] == "1"
