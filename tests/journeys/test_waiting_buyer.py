"""What somebody sees who waits for a parcel, in each language."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from kernel import clock as house_clock
from kernel.actor import ANONYMOUS, SYSTEM
from kernel.db import reading
from marketplace.aftersales.tracking.prospects import UNDER_WAY
from marketplace.aftersales.tracking.queries import under_way
from marketplace.buying.orders import service as orders
from marketplace.logistics.shipping.cli import settle
from tests.asking import says
from tests.journeys.shopping import by_country, pay, to_review
from tests.market import sign_in

pytestmark = pytest.mark.journey


def soup(response):
    assert response.status_code == 200
    return BeautifulSoup(response.get_data(as_text=True), "html.parser")


def test_the_front_page_goes_on_with_the_parcel_one_waits_for(
    market, noon, signed_in, with_money, browse
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    before = soup(browse(buyer).get("/en/"))
    assert before.select_one(".continue-order") is None

    group_ref = pay(to_review(market, buyer), buyer)

    for tag in ("en", "zh-cn", "ar"):
        page = soup(browse(buyer).get(f"/{tag}/"))
        tile = page.select_one("a.continue-order")
        assert tile["href"].startswith(f"/{tag}/orders/{group_ref}#{group_ref}-")
        assert tile.select_one(".hop .here")
        assert page.select_one("a.continue-bank .amount")


def test_nobody_waits_for_a_parcel_without_an_account():
    with reading():
        assert under_way(ANONYMOUS) is None


@pytest.mark.parametrize("tag", ["en", "zh-cn", "ar"])
def test_an_order_tells_goods_money_and_cover_along_one_route(
    market, noon, signed_in, with_money, browse, tag
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    group_ref = pay(to_review(market, buyer), buyer)

    page = soup(browse(buyer).get(f"/{tag}/orders/{group_ref}"))
    assert len(page.select("h1")) == 1
    assert len(page.select("ol.rails")) == len(page.select(".score")) == 2
    assert page.select(".rails .dot.lane-money")
    assert page.select(".sum .amount")
    assert not page.select("[style]")


def test_a_parcel_under_way_tells_by_whose_clock_what_the_door_asks_and_how_long_cover_runs(
    market, noon, signed_in, with_money, browse
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    group_ref = pay(to_review(market, buyer), buyer)

    page = soup(browse(buyer).get(f"/en/orders/{group_ref}"))

    parcels = page.select("article.parcel")
    assert len(parcels) == 2
    for parcel in parcels:
        assert says(parcel, "Times in")
        assert says(parcel, "Nothing to pay at the door.")
        times = parcel.select(".rails time")
        assert times
        assert all(time["datetime"].endswith("+00:00") for time in times)
    covered = [parcel for parcel in parcels if "You chose no cover" not in parcel.text]
    assert len(covered) == 1
    assert says(covered[0], "It runs until you have the parcel, promised for")


def test_a_delivered_order_says_until_when_each_act_can_be_done_and_who_proves_the_delivery(
    market, noon, signed_in, with_money, browse
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    group_ref = pay(to_review(market, buyer), buyer)
    pot = by_country(group_ref)["CN"]
    settle()
    orders.dispatch(order_ref=pot.ref, actor=SYSTEM)
    while by_country(group_ref)["CN"].state in UNDER_WAY:
        house_clock.freeze(house_clock.now() + timedelta(hours=12))
        settle()

    browser = browse(sign_in("camille@example.com"))
    page = soup(browser.get(f"/en/orders/{group_ref}"))
    parcel = page.find(id=pot.ref).get_text(" ", strip=True)
    assert says(parcel, "If you do nothing, the seller is paid on")
    assert says(parcel, "You can claim for damage on your cover until")
    assert says(parcel, "Handed over on")
    assert says(parcel, "the carrier's own scan")


def test_an_awaited_order_says_what_cannot_be_changed_and_why(
    market, noon, signed_in, with_money, browse
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    group_ref = pay(to_review(market, buyer), buyer)
    pot, plate = (by_country(group_ref)[country] for country in ("CN", "DK"))
    settle()
    orders.dispatch(order_ref=pot.ref, actor=SYSTEM)

    page = soup(browse(buyer).get(f"/en/orders/{group_ref}"))

    packed, waiting = (page.find(id=order.ref) for order in (pot, plate))
    assert says(packed, "It's packed, so")
    assert not packed.select("form[action$='/cancel']")
    assert not waiting.select("form[action$='/cancel']")
    change = page.find(id="change")
    assert says(change, "this address, so it can't be changed")
    (form,) = change.select("form[action$='/cancel']")
    assert waiting["id"] in form["action"]
