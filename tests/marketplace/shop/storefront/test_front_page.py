"""The front page, and what stands around every page: shelves above, who runs the house below."""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest

from kernel import memory
from kernel.db import reading
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.catalogue.products import queries as catalogue
from marketplace.shop.listing_index import front as front_goods
from marketplace.shop.listing_index.front import Sizes
from marketplace.shop.listing_index.queries import Reader
from marketplace.shop.storefront import product_cards, seasons
from tests.asking import english, says
from tests.marketplace.makers import make_category
from tests.marketplace.shop.storefront.browsing_shop import product, shown, soup


@pytest.mark.usefixtures("rates")
def test_the_front_page_leads_to_goods(german):
    made = shown()

    page = soup(german.get("/en/"))

    assert page.h1.text == english("The price at your door.")
    assert page.find("a", href=re.compile(made.ref)).text == "Shino teapot"
    assert "in EUR" in page.find(class_="where").text


@pytest.mark.usefixtures("rates")
def test_the_front_page_says_what_leaves_next_and_what_was_looked_at(german):
    made = shown()

    before = soup(german.get("/en/"))
    product(german, made)
    after = soup(german.get("/en/"))

    row = before.find(id="dep").find_parent("section").tbody.tr
    assert row.th.span.text == "Japan"
    assert says(row, "%(share)s of the item price")
    assert before.find(id="looked") is None
    assert made.ref in after.find(id="looked").find_parent("section").find("h3").a["href"]


@pytest.mark.usefixtures("rates")
def test_the_footer_names_who_runs_the_house_and_where_to_ask(german):
    foot = soup(german.get("/en/")).find("footer")

    assert "Entrepôt Marketplace SE, Kontorhausviertel 4, 20095 Hamburg" in foot.text
    assert "issued by Entrepôt Bank SA, Luxembourg" in foot.text
    assert "underwritten by Havre Cargo Insurance NV, Antwerp" in foot.text
    page = german.get(foot.find("a", string="Help and contact")["href"])
    assert "HRB 182204" in soup(page).main.text


@pytest.mark.usefixtures("rates")
def test_a_guest_is_not_sent_to_a_page_that_asks_to_sign_in(german, as_, make_person):
    mine = as_(make_person())

    assert "Safeguarding" not in soup(german.get("/en/")).find("footer").text
    assert "Safeguarding" in soup(mine.get("/en/")).find("footer").text


@pytest.mark.usefixtures("rates")
def test_a_long_row_of_shelves_ends_in_a_menu_of_all_of_them(german):
    for number in range(14):
        make_category(f"long-{number}", en=f"Shelf of many words {number}")
        shown(category=f"long-{number}")
    memory.forget_everything()

    nav = soup(german.get("/en/")).find("nav", {"aria-label": "Categories"})

    row = nav.select(".nav-links a")
    assert [a["href"] for a in nav.select("details > ul a")] == [a["href"] for a in row[1:]]
    assert 0 < len([a for a in row if "narrow-only" in a.get("class", [])]) < 14


@pytest.mark.usefixtures("rates")
def test_the_front_page_goes_on_with_what_was_looked_at_before_it_offers_anything_new(german):
    made = shown()
    product(german, made)

    headings = [h.get("id") for h in soup(german.get("/en/")).main("h2")]

    assert headings.index("looked") < headings.index("a2")


@pytest.fixture
def front(market, app, clock):
    """Return the front page of the demonstration for a country."""
    clock("2026-11-25T12:00")
    client = app.test_client()

    def asked(country, currency, lang="en"):
        memory.forget_everything()
        client.get("/en/settings")
        with client.session_transaction() as cookies:
            cookies["country"], cookies["currency"] = country, currency
        return soup(client.get(f"/{lang}/"))

    return asked


@pytest.mark.parametrize("country", ["FR", "US", "JP", "AU"])
def test_no_picture_stands_twice_on_the_front_page(front, country):
    page = front(country, COUNTRY_CURRENCY[country]).main

    pictures = [image["src"] for image in page("img") if "next" not in image.get("class", [])]

    assert len(pictures) > 25
    assert sorted(pictures) == sorted(set(pictures))


def test_no_picture_of_the_front_page_comes_before_its_words(front):
    page = front("DE", "EUR")

    assert {image.get("loading") for image in page.main("img")} == {"lazy"}
    pins = page.select(".pin picture")
    assert pins
    for pin in pins:
        assert "-240.avif 240w" in pin.find("source", type="image/avif")["srcset"]
        assert pin.img["alt"]


def test_every_destination_has_its_door_on_the_map(front):
    for country, currency in COUNTRY_CURRENCY.items():
        drawn = front(country, currency).select_one(".atlas svg")
        assert drawn.select_one(".port-here"), country
        assert drawn.find("text").text == english("You")


def test_the_front_page_tells_of_makers_in_the_reader_s_language_and_of_the_season(front):
    page = front("FR", "EUR", "zh-cn")

    makers = page.select(".makers li")
    assert len(makers) == 3
    assert all(maker.select_one("a[href*='/shops/']") for maker in makers)
    stories = [maker.select_one("p[dir]").text.strip() for maker in makers]
    assert all(story.count("。") == 1 and story.endswith("。") for story in stories)
    assert any("一" <= sign <= "鿿" for sign in "".join(stories))
    assert len(page.find(id="season").find_parent("section").select(".card")) == 4


def test_a_country_of_many_regions_costs_the_front_page_no_preview_of_each(front, monkeypatch):
    whole = []
    real = product_cards.landed

    def counted(row, prefs, *, is_urgent=False):
        whole.extend([] if is_urgent else [row])
        return real(row, prefs, is_urgent=is_urgent)

    monkeypatch.setattr(product_cards, "landed", counted)

    assert front("BR", "BRL").find(id="told") is None
    assert whole == []
    assert front("FR", "EUR").select_one(".stair")
    assert len(whole) == 1


def test_each_day_belongs_to_one_season_on_either_side_of_the_equator():
    days = [(date(2028, 1, 1) + timedelta(days=n)).isoformat()[5:] for n in range(366)]
    for country in ("FR", "AU"):
        told = [seasons.season_of(country, day) for day in days]
        assert {season.key for season in told} == set(seasons.NAMES)
        assert all(sum(season.holds(day) for season in set(told)) == 1 for day in days), country
    assert seasons.season_of("FR", "07-01").key == "summer"
    assert seasons.season_of("AU", "07-01").key == "winter"


def test_goods_of_a_season_come_from_its_shelves_in_turn(market, clock):
    clock("2026-11-25T12:00")

    with reading():
        season = seasons.today("FR")
        found = front_goods.front(
            reader=Reader("en", "EUR", "FR"), shelves=season.shelves, sizes=Sizes(1, 1, 1, 3, 1)
        )
        rows = found.seasonal
        shelves = [category(row.category_ids[-1]) for row in rows[: len(season.shelves)]]

    assert season.key == "gifts"
    assert len(set(shelves)) == len(shelves)
    assert set(shelves) <= set(season.shelves)


def category(category_id):
    return catalogue.categories([category_id])[category_id].key
