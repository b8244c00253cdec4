"""The cart: its lines, what stands apart, one total, and what a press takes back or changes."""

from __future__ import annotations

import pytest

from kernel.actor import SYSTEM
from kernel.db import counting_queries
from kernel.money import Money
from marketplace.catalogue.pictures import gallery
from marketplace.catalogue.pictures.queries import StoredPicture
from tests.marketplace.shop.storefront.browsing_shop import posted, product, put, shown, soup

pytestmark = pytest.mark.usefixtures("rates")


def test_removed_goods_go_back_to_their_place_with_their_pieces(german):
    first, second = shown(), shown(price=Money(700, "JPY"))
    put(german, first, 3)
    put(german, second)

    posted(german, f"/en/cart/lines/{first.offer_id}", {"quantity": 0})
    without = soup(german.get("/en/cart/"))
    posted(german, "/en/cart/removed", {})
    again = soup(german.get("/en/cart/"))

    assert [item["id"] for item in without.select(".item")] == [f"l{second.offer_id}"]
    assert without.find(id="gone")
    back = again.find(id=f"l{first.offer_id}")
    assert back.find("input", attrs={"name": "quantity"})["value"] == "3"
    assert again.select(".item")[0] is back
    assert again.find(id="gone") is None


def test_the_cart_asks_what_the_product_page_said_and_carries_its_cover(german):
    made = shown()
    page = product(german, made)
    level = page.select("input[type=radio]")[2]["value"]
    form = {field["name"]: field.get("value", "") for field in page.select("#n, #add input[name]")}

    posted(german, "/en/cart/lines", form | {"cover": level})
    cart = soup(german.get("/en/cart/"))
    total = product(german, made, f"?cover={level}").find("output").text

    assert cart.find("output").text == total
    assert cart.select_one("input[type=radio][checked]")["value"] == level
    assert total in cart.find(id="checkout").text


def test_what_cannot_be_sent_stands_apart_and_is_not_in_the_total(german):
    made, stuck = shown(), shown(weight_g=None)
    put(german, made)
    put(german, stuck)

    cart = soup(german.get("/en/cart/"))
    apart = cart.find(id="aside").find_parent("section")

    assert [item["id"] for item in apart.select(".item")] == [f"l{stuck.offer_id}"]
    assert cart.find("output").text == product(german, made).find("output").text


def test_a_line_of_the_cart_offers_the_small_picture_as_avif_first(german):
    made = shown()
    kept = StoredPicture(f"products/{'a' * 32}", 960, 960, (240, 480, 960))
    gallery.add_picture(
        product_id=made.product_id, vendor_id=made.vendor.id, picture=kept, alt={}, actor=SYSTEM
    )
    put(german, made)

    line = soup(german.get("/en/cart/")).select_one(".item picture")

    assert [source["type"] for source in line.select("source")] == ["image/avif", "image/webp"]
    assert line.source["srcset"] == f"/media/products/{'a' * 32}-240.avif 240w"
    assert line.source["sizes"].endswith("76px")
    assert line.img["src"].endswith("-240.webp")


def test_a_cart_says_about_what_it_is_in_the_countrys_own_currency_and_turns_to_it(german):
    put(german, shown())
    with german.session_transaction() as cookies:
        cookies["currency"] = "USD"

    dollars = soup(german.get("/en/cart/"))
    (way,) = dollars.select("aside details li")
    form = {field["name"]: field["value"] for field in way.select("form input")}
    posted(german, way.form["action"], form)
    euros = soup(german.get("/en/cart/"))

    assert "about EUR" in way.text
    assert "US$" not in euros.find("output").text
    assert "€" in euros.find("output").text
    assert euros.select("aside details li") == []


def test_whoever_wants_more_than_there_is_takes_what_is_left_with_one_press(german):
    made = shown(stock=2)
    put(german, made, 5)

    short = soup(german.get("/en/cart/")).find(id=f"l{made.offer_id}")
    (way,) = [form for form in short("form") if form.button.text.startswith("Take 2")]
    posted(
        german, way["action"], {"quantity": way.find("input", attrs={"name": "quantity"})["value"]}
    )
    again = soup(german.get("/en/cart/"))

    assert "Only 2 left." in short.text
    assert again.find(id="aside") is None
    assert again.find("input", attrs={"name": "quantity"})["value"] == "2"


def test_a_cart_with_its_totals_in_other_currencies_stays_within_its_statements(
    as_, make_person, german
):
    made, mine = shown(), as_(make_person())
    put(mine, made)
    mine.get("/en/cart/")

    with counting_queries() as asked:
        assert soup(mine.get("/en/cart/")).select(".item")

    assert len(asked) <= 10, asked.statements
