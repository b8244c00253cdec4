"""Buyers see how a trader's parcels arrive and under which number the trader is reached."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel import clock, memory
from kernel.actor import SYSTEM
from kernel.db import reading
from marketplace.buying.orders.queries import Punctuality
from marketplace.catalogue.vendors import queries as vendors
from marketplace.catalogue.vendors import service
from marketplace.catalogue.vendors.service import Shop
from marketplace.trust.messages.queries import serving
from tests.asking import english, says
from tests.marketplace.makers import make_offer, make_order, make_vendor


@pytest.fixture(autouse=True)
def _noon(clock):
    """Orders arrive when it is the same day where they were sold and where they go."""
    clock("2026-11-25T12:00")


def arrived(db, made, buyer, *, days_after_promise):
    """Write down an order of the shop that came so many days after the promised one."""
    ref = make_order(made=made, buyer=buyer)
    at = clock.now() + timedelta(days=days_after_promise)
    db.execute(
        text("UPDATE marketplace.vendor_order SET delivered_at = :at WHERE ref = :ref"),
        {"at": at, "ref": ref},
    )


def told(made):
    memory.forget_everything()
    with reading():
        return serving(made.vendor.id).arrivals


def facts(answer):
    page = BeautifulSoup(answer.text, "html.parser")
    return {term.text: term.find_next("dd").text for term in page.select("dl dt")}


def test_how_parcels_arrive_is_told_from_ten_on_and_of_sixty_days(db, make_person):
    made, buyer = make_offer(), make_person()
    for _ in range(9):
        arrived(db, made, buyer, days_after_promise=0)
    make_order(made=made, buyer=buyer)  # under way: neither early nor late

    assert told(made) is None

    arrived(db, made, buyer, days_after_promise=1)

    assert told(made) == Punctuality(10, 1)
    assert told(made).on_time == 9000

    clock.freeze(clock.now() + timedelta(days=61))
    assert told(made) is None


def test_goods_and_shop_tell_the_share_and_of_how_many(client, db, make_person):
    made, buyer = make_offer(), make_person()
    for late in (0,) * 10 + (2,):
        arrived(db, made, buyer, days_after_promise=late)
    memory.forget_everything()

    goods = client.get(f"/en/p/{made.ref}/", follow_redirects=True)
    shop = client.get(f"/en/shops/{made.vendor.slug}")

    # 10 of 11 is 90.9 %: never rounded up.
    assert facts(goods)[english("On time")] == english(
        "%(share)s of %(orders)s orders in the last %(days)s days", share="90%", orders=11, days=60
    )
    assert facts(shop)[english("On time")] == facts(goods)[english("On time")]


@pytest.fixture
def shop(db):
    return make_vendor()


def give(browser, phone):
    return browser.post("/en/desk/shop/phone", data={"csrf_token": "test-token", "phone": phone})


def kept(shop):
    with reading():
        return vendors.vendor_by_slug(shop.slug)


def test_a_number_typed_as_at_home_is_shown_as_dialled_from_abroad(browser, client, shop):
    assert give(browser, "03-1234-5678").status_code == 303

    assert kept(shop).legal["phone"] == "+81312345678"
    assert kept(shop).legal["name"] == shop.legal["name"]
    page = client.get(f"/en/shops/{shop.slug}")
    assert facts(page)[english("Phone number")] == "+81\u00a03-1234-5678"
    assert 'href="tel:+81312345678"' in page.text
    assert 'value="03-1234-5678"' in browser.get("/en/desk/shop").text


def test_a_number_that_is_none_is_asked_back_with_an_example(browser, shop):
    page = give(browser, "call me")

    assert page.status_code == 422
    assert says(page, "Phone numbers in this country look like")
    assert "phone" not in kept(shop).legal


def test_an_empty_field_takes_the_number_away(browser, client, shop):
    give(browser, "03-1234-5678")
    give(browser, "")

    assert not says(facts(client.get(f"/en/shops/{shop.slug}")), "Phone number")


@pytest.mark.parametrize("own", ["+81312345678", ""], ids=["changed", "taken away"])
@pytest.mark.parametrize("imported", [{}, {"phone": "+81399999999"}], ids=["none", "another"])
def test_an_import_leaves_what_the_shop_said_of_its_telephone(db, own, imported):
    before = make_vendor(external_ref="kiln-1")
    service.give_telephone(organisation_id=before.organisation_id, phone=own, actor=SYSTEM)
    again = Shop(
        name="Kiln",
        slug=before.slug,
        country="JP",
        language="ja",
        currency="JPY",
        legal={"name": "Kiln KK"} | imported,
        external_ref="kiln-1",
    )
    service.open_shop(shop=again, actor=SYSTEM)

    assert kept(before).legal == {
        "name": "Kiln KK",
        "phone": own,
        "responsible": before.responsible,
    }
