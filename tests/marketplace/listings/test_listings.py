from __future__ import annotations

import io

import pytest
from PIL import Image

from kernel import jobs
from kernel.actor import SYSTEM, Role
from kernel.db import reading
from kernel.identity import queries as identity_queries
from kernel.identity import service as identity
from kernel.money import Money
from marketplace.inventory import queries as stock
from marketplace.shelves import queries as shelves
from marketplace.shelves.models import EVERYTHING
from marketplace.shelves.queries import Reader
from tests.marketplace.makers import make_category, make_offer, make_rates, make_vendor


@pytest.fixture
def shop(db):
    make_rates(JPY="160")
    make_category("teapots-l", en="Teapots")
    return make_vendor(language="en")


@pytest.fixture
def seller(shop, make_person):
    actor = make_person(roles=frozenset({Role.VENDOR}))
    identity.add_member(
        organisation_id=shop.organisation_id, person_id=actor.person_id, actor=SYSTEM
    )
    return identity_queries.actor_of_session(str(actor.session_id))


@pytest.fixture
def browser(as_, seller):
    return as_(seller)


def picture(kind="PNG", size=(600, 600)):
    out = io.BytesIO()
    Image.new("RGB", size, (200, 80, 60)).save(out, kind)
    return out.getvalue()


def form(**fields):
    base = {
        "csrf_token": "test-token", "title": "Ash-glazed teapot", "description": "Thrown by hand.",
        "hs_code": "6912.00", "origin_country": "JP", "weight_g": "780", "category": "teapots-l",
        "sku": "T-1", "stock": "4", "price": "8900",
    }  # fmt: skip
    return base | fields


def everything():
    with reading():
        return shelves.shelf(category_id=EVERYTHING, reader=Reader("en", "JPY")).cards


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
        "Ash-glazed teapot", Money(8900, "JPY"), True,
    )  # fmt: skip
    assert card.picture is not None
    assert browser.get(told.headers["Location"]).status_code == 200
    with browser.get(f"/media/{card.picture}-320.webp") as file:
        assert file.mimetype == "image/webp"


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"title": ""}, "Please fill this in."),
        ({"hs_code": "69"}, "six to twelve digits"),
        ({"price": "-1"}, "above zero"),
        ({"weight_g": "0"}, "from 1 to 70000"),
        ({"stock": "many"}, "whole number"),
    ],
)
def test_what_is_wrong_is_said_and_what_was_typed_stays(browser, fields, words):
    page = browser.post("/en/desk/goods/new", data=form(**fields))

    assert page.status_code == 422
    assert words in page.text
    assert "Thrown by hand." in page.text


def test_a_text_file_with_a_pictures_name_is_refused(browser):
    page = browser.post(
        "/en/desk/goods/new",
        data=form(pictures=(io.BytesIO(b"<svg onload=alert(1)>"), "teapot.png")),
        content_type="multipart/form-data",
    )

    assert page.status_code == 422
    assert "Choose a JPEG" in page.text


def test_price_stock_and_lead_time_change_together(browser, seller, shop):
    made = make_offer(vendor=shop, stock=3)

    told = browser.post(
        f"/en/desk/goods/{made.ref}/offers/{made.offer_id}",
        data={"csrf_token": "test-token", "price": "9100", "stock": "7", "lead_time_days": "5",
              "version": "1", "is_listed": "on"},
    )  # fmt: skip

    assert told.status_code == 303
    page = browser.get(f"/en/desk/goods/{made.ref}").text
    assert 'value="9,100"' in page or 'value="9100"' in page
    with reading():
        assert stock.available([made.offer_id]) == {made.offer_id: 7}


def test_a_form_of_an_older_version_changes_nothing(browser, shop):
    made = make_offer(vendor=shop, stock=3)
    data = {"csrf_token": "test-token", "price": "9100", "stock": "7", "lead_time_days": "5",
            "version": "1", "is_listed": "on"}  # fmt: skip
    browser.post(f"/en/desk/goods/{made.ref}/offers/{made.offer_id}", data=data)

    page = browser.post(
        f"/en/desk/goods/{made.ref}/offers/{made.offer_id}",
        data=data | {"price": "1", "stock": "1"},
    )

    assert page.status_code == 409
    with reading():
        assert stock.available([made.offer_id]) == {made.offer_id: 7}


@pytest.mark.parametrize("path", ["", "/words", "/pictures", "/offers/{offer_id}"])
def test_goods_of_another_shop_do_not_exist_here(browser, path):
    foreign = make_offer(stock=3)
    address = f"/en/desk/goods/{foreign.ref}" + path.format(offer_id=foreign.offer_id)

    data = form(version="1", lead_time_days="1")
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
