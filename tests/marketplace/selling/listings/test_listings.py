from __future__ import annotations

import io

import pytest
from bs4 import BeautifulSoup
from PIL import Image

from kernel import jobs
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from marketplace.catalogue.inventory import queries as stock
from marketplace.catalogue.inventory import service as inventory
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index.models import EVERYTHING
from marketplace.shop.listing_index.queries import Reader
from tests.asking import english, says
from tests.marketplace.makers import make_category, make_offer, make_rates, make_vendor
from tests.marketplace.selling.listings.forms import form


@pytest.fixture
def shop(db):
    make_rates(JPY="160")
    make_category("teapots-l", en="Teapots")
    return make_vendor(language="en")


def picture(kind="PNG", size=(600, 600)):
    out = io.BytesIO()
    Image.new("RGB", size, (200, 80, 60)).save(out, kind)
    return out.getvalue()


def everything():
    with reading():
        return shelves.shelf(category_id=EVERYTHING, reader=Reader("en", "JPY")).product_cards


def test_new_goods_reach_the_shelf_with_picture_price_and_stock(browser, shop):
    told = browser.post(
        "/en/desk/goods/new",
        data=form(pictures=(io.BytesIO(picture()), "teapot.png")),
        content_type="multipart/form-data",
    )
    jobs.drain()

    assert told.status_code == 303
    (card,) = [c for c in everything() if c.vendor_id == shop.id]
    assert (card.title, card.home_price, card.in_stock) == (
        "Ash-glazed teapot",
        Money(8900, "JPY"),
        True,
    )
    assert card.picture is not None
    assert browser.get(told.headers["Location"]).status_code == 200
    for kind in ("avif", "webp"):
        with browser.get(f"/media/{card.picture['path']}-240.{kind}") as file:
            assert file.mimetype == f"image/{kind}"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"hs_code": "69"}, "six to twelve digits"),
        ({"price": "-1"}, "above zero"),
        ({"weight_g": "0"}, "from 1 to 70,000"),
        ({"stock": "many"}, "Enter a whole number."),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(browser, fields, words):
    page = browser.post("/en/desk/goods/new", data=form(**fields))

    assert page.status_code == 422
    assert words in page.text
    assert "Thrown by hand." in page.text


def test_a_refused_form_names_each_field_and_leads_to_it(browser):
    page = BeautifulSoup(
        browser.post("/en/desk/goods/new", data=form(hs_code="69", stock="many")).text,
        "html.parser",
    )

    told = {link["href"]: link.text.partition(":")[0] for link in page.select("#wrong li a")}
    assert told == {"#f-hs_code": english("Customs code"), "#f-stock": english("In stock")}
    assert all(page.select_one(field)["aria-invalid"] == "true" for field in told)


def row(made, **cells):
    """Return the cells of one version as the table sends them."""
    typed = {
        "sku": "T-1",
        "price": "9100",
        "stock": "7",
        "weight_g": "800",
        "lead_time_days": "5",
        "version": "1",
        "seen": "3",
        "is_listed": "on",
    } | cells
    return {"csrf_token": "test-token"} | {
        f"{name}-{made.offer_id}": value for name, value in typed.items() if value
    }


def save_row(browser, made, **cells):
    return browser.post(f"/en/desk/goods/{made.ref}/versions", data=row(made, **cells))


def test_a_refused_price_stays_in_its_cell_which_the_summary_leads_to(browser, shop):
    made = make_offer(vendor=shop, stock=3)

    answer = save_row(browser, made, price="many", lead_time_days="99", is_listed="")

    page = BeautifulSoup(answer.text, "html.parser")
    told = {link["href"].rpartition("-")[0] for link in page.select("#wrong li a")}
    assert told == {"#f-price", "#f-lead_time_days"}
    cells = {name: page.select_one(f"#f-{name}-{made.offer_id}") for name in ("price", "stock")}
    assert (cells["price"]["value"], cells["stock"]["value"]) == ("many", "7")
    assert cells["price"]["aria-invalid"] == "true"
    assert not page.select_one(f"[name=is_listed-{made.offer_id}]").has_attr("checked")


def test_a_text_file_with_a_pictures_name_is_refused(browser):
    page = browser.post(
        "/en/desk/goods/new",
        data=form(pictures=(io.BytesIO(b"<svg onload=alert(1)>"), "teapot.png")),
        content_type="multipart/form-data",
    )

    assert page.status_code == 422
    assert says(page, "Choose a JPEG")


def test_price_stock_and_lead_time_change_together(browser, shop):
    made = make_offer(vendor=shop, stock=3)

    told = save_row(browser, made)

    assert told.status_code == 303
    page = BeautifulSoup(browser.get(f"/en/desk/goods/{made.ref}").text, "html.parser")
    cells = {
        name: page.select_one(f"#f-{name}-{made.offer_id}")["value"]
        for name in ("sku", "price", "stock", "weight_g", "lead_time_days")
    }
    assert cells == {
        "sku": "T-1",
        "price": "9,100",
        "stock": "7",
        "weight_g": "800",
        "lead_time_days": "5",
    }
    with reading():
        assert stock.available([made.offer_id]) == {made.offer_id: 7}


def test_a_form_of_an_older_version_changes_nothing(browser, shop):
    made = make_offer(vendor=shop, stock=3)
    save_row(browser, made)

    page = save_row(browser, made, price="1", stock="1")

    assert page.status_code == 409
    with reading():
        assert stock.available([made.offer_id]) == {made.offer_id: 7}


def test_a_count_that_was_not_touched_is_no_count(browser, shop):
    made = make_offer(vendor=shop, stock=3)
    inventory.count(offer_id=made.offer_id, on_hand=2, actor=SYSTEM)

    told = save_row(browser, made, stock="3", seen="3")

    assert told.status_code == 303
    with reading():
        assert stock.available([made.offer_id]) == {made.offer_id: 2}


@pytest.mark.parametrize(
    "path",
    [
        "",
        "/words",
        "/shelf",
        "/versions",
        "/versions/add",
        "/versions/fill",
        "/customs",
        "/pictures",
        "/history/1",
    ],
)
def test_goods_of_another_shop_do_not_exist_here(browser, path):
    foreign = make_offer(stock=3)
    address = f"/en/desk/goods/{foreign.ref}{path}"

    data = form(words_version="0") | row(foreign)
    answer = browser.post(address, data=data) if path else browser.get(address)

    assert answer.status_code == 404
    with reading():
        assert stock.available([foreign.offer_id]) == {foreign.offer_id: 3}


def test_the_list_shows_the_own_goods_alone(browser, shop):
    make_offer(vendor=shop, titles={"en": "Mine"})
    make_offer(titles={"en": "Of somebody else"})

    page = browser.get("/en/desk/goods/").text

    assert "Mine" in page
    assert "Of somebody else" not in page


@pytest.mark.parametrize("path", ["/en/desk/goods/", "/en/desk/goods/new"])
def test_buyers_and_strangers_stay_out(client, as_, make_person, path):
    assert client.get(path).status_code == 303
    assert as_(make_person()).get(path).status_code == 403


@pytest.fixture
def stocked(shop):
    """Three offers, listed in this order, whose numbers, stocks and prices stand in others."""
    for sku, pieces, price in (("B-2", 9, 500), ("A-1", 4, 900), ("C-3", 0, 100)):
        make_offer(vendor=shop, sku=sku, price=Money(price, "JPY"), stock=pieces)
    return shop


def articles(browser, address):
    page = BeautifulSoup(browser.get(f"/en/desk/goods/{address}").text, "html.parser")
    return [cell.get_text(strip=True) for cell in page.select("td[data-l='Product code']")], page


@pytest.mark.parametrize(
    ("sort", "stands"),
    [
        ("", "CAB"),
        ("listed", "BAC"),
        ("article", "ABC"),
        ("-article", "CBA"),
        ("pieces", "CAB"),
        ("-pieces", "BAC"),
        ("price", "CBA"),
        ("-price", "ABC"),
        ("sold", "CAB"),
    ],
)
def test_goods_stand_as_the_address_says_over_all_pages(
    browser, stocked, monkeypatch, sort, stands
):
    monkeypatch.setattr("marketplace.selling.listings.queries.PAGE", 2)

    first, page = articles(browser, f"?sort={sort}")
    onward = page.select_one("a[rel=next]")["href"].removeprefix("/en/desk/goods/")
    rest, last = articles(browser, onward)

    assert "".join(sku[0] for sku in first + rest) == stands
    assert last.select_one("a[rel=next]") is None
    assert len(page.select("th[aria-sort]")) == 1
