"""Price drops as shoppers see them: on the front page, and all of them on a page of their own."""

from __future__ import annotations

import pytest

from kernel import memory
from kernel.actor import SYSTEM
from kernel.money import Money
from marketplace.catalogue.offers import service as offers
from marketplace.shop.listing_index import service as shelves
from tests.asking import english, says
from tests.marketplace.makers import make_vendor
from tests.marketplace.shop.storefront.browsing_shop import product, shown, soup


def lowered(minor=4000):
    made = shown(vendor=make_vendor(currency="EUR", country="DE"), price=Money(5000, "EUR"))
    offers.change_price(
        vendor_id=made.vendor.id,
        offer_id=made.offer_id,
        price=Money(minor, "EUR"),
        expected_version=1,
        actor=SYSTEM,
    )
    shelves.refresh(product_ids=[made.product_id], actor=SYSTEM)
    memory.forget_everything()
    return made


@pytest.mark.usefixtures("rates")
def test_the_front_page_shows_no_drop_where_there_is_none(german):
    shown()
    lowered(minor=6000)

    assert soup(german.get("/en/")).find(id="drops") is None
    page = soup(german.get("/en/price-drops/"))
    assert says(page.main, "No price drops right now")


@pytest.mark.usefixtures("rates")
def test_a_drop_stands_beside_its_lowest_price_before_on_shelf_page_and_product(german):
    made = lowered()

    card = soup(german.get("/en/price-drops/")).select_one(".card")

    assert made.ref in card.h3.a["href"]
    assert says(card, "Item price %(now)s, was %(lowest)s", now="€40.00", lowest="€50.00")
    assert says(product(german, made), "the lowest price in the 30 days before was", old="€50.00")


@pytest.mark.usefixtures("rates")
def test_the_shelf_of_drops_leads_to_all_of_them_and_repeats_nothing(german):
    many = [lowered() for _ in range(13)]

    home = soup(german.get("/en/"))

    shelf = home.find(id="drops").find_parent("section")
    assert shelf.find("a", string=english("See all price drops"))["href"] == "/en/price-drops/"
    told = [card.h3.a["href"] for card in shelf.select(".card")]
    assert len(told) == 4
    others = [a["href"] for a in home.main.select(".card h3 a")]
    assert len(others) == len(set(others))
    everything = soup(german.get("/en/price-drops/")).select(".card")
    assert len(everything) == len(many)


@pytest.mark.usefixtures("rates")
def test_a_mangled_cursor_is_no_page(german):
    assert german.get("/en/price-drops/?after=x").status_code == 404
