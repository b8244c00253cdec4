"""The front page, and what stands around every page: shelves above, who runs the house below."""

from __future__ import annotations

import re

import pytest

from kernel import memory
from tests.asking import english, says
from tests.marketplace.makers import make_category
from tests.marketplace.shop.storefront.browsing_shop import product, shown, soup

pytestmark = pytest.mark.usefixtures("rates")


def test_the_front_page_leads_to_goods(german):
    made = shown()

    page = soup(german.get("/en/"))

    assert page.h1.text == english("The price at your door.")
    assert page.find("a", href=re.compile(made.ref)).text == "Shino teapot"
    assert "in EUR" in page.find(class_="where").text


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


def test_the_footer_names_who_runs_the_house_and_where_to_ask(german):
    foot = soup(german.get("/en/")).find("footer")

    assert "Entrepôt Marketplace SE, Kontorhausviertel 4, 20095 Hamburg" in foot.text
    assert "issued by Entrepôt Bank SA, Luxembourg" in foot.text
    assert "underwritten by Havre Cargo Insurance NV, Antwerp" in foot.text
    page = german.get(foot.find("a", string="Help and contact")["href"])
    assert "HRB 182204" in soup(page).main.text


def test_a_guest_is_not_sent_to_a_page_that_asks_to_sign_in(german, as_, make_person):
    mine = as_(make_person())

    assert "Safeguarding" not in soup(german.get("/en/")).find("footer").text
    assert "Safeguarding" in soup(mine.get("/en/")).find("footer").text


def test_a_long_row_of_shelves_ends_in_a_menu_of_all_of_them(german):
    for number in range(14):
        make_category(f"long-{number}", en=f"Shelf of many words {number}")
        shown(category=f"long-{number}")
    memory.forget_everything()

    nav = soup(german.get("/en/")).find("nav", {"aria-label": "Categories"})

    row = nav.select(".nav-links a")
    assert [a["href"] for a in nav.select("details > ul a")] == [a["href"] for a in row[1:]]
    assert 0 < len([a for a in row if "narrow-only" in a.get("class", [])]) < 14


def test_the_front_page_goes_on_with_what_was_looked_at_before_it_offers_anything_new(german):
    made = shown()
    product(german, made)

    headings = [h.get("id") for h in soup(german.get("/en/")).main("h2")]

    assert headings.index("looked") < headings.index("a2")
