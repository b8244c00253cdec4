"""Cover that is added from the order's page, until the carrier has the parcel."""

from __future__ import annotations

from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from insurance import api as cover
from insurance.contracts.policies import sellers
from insurance.offers.quotes import queries as quotes
from insurance.offers.quotes.queries import Cover
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from marketplace.aftersales.tracking import covering
from marketplace.buying.checkout import queries as checkouts
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.catalogue.vendors import queries as vendors
from marketplace.logistics.carriers.gateway import MischiefKind, misbehave
from marketplace.logistics.shipping import queries as shipping
from marketplace.logistics.shipping.cli import settle
from tests.journeys.shopping import by_country, pay, to_review

pytestmark = pytest.mark.journey


@pytest.fixture
def buyer(market, noon, signed_in, with_money):
    actor = signed_in("camille@example.com")
    with_money(actor, "500 EUR")
    return actor


def post(browser, address, **fields):
    return browser.post(address, data={"csrf_token": "test-token"} | fields)


def insure(browser, order):
    return post(browser, f"/en/orders/{order.group_ref}/{order.ref}/cover")


def bought(browser, order, level="PLUS"):
    offer = insure(browser, order).location
    post(browser, f"{offer}/product-information")
    return post(browser, offer, cover=level, need="on")


def policy_of(order):
    with reading():
        return cover.policies_for_parcels(parcel_refs=[order.parcel_ref]).get(order.parcel_ref)


def button(page, order):
    found = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    return found.select_one(f"form[action$='{order.ref}/cover']")


def test_the_same_parcel_costs_the_same_on_every_page(market, buyer, browse):
    view = to_review(market, buyer, cover_level=None)
    with reading():
        shop = {
            parcel.vendor.country: {
                level.cover: level.price for level in parcel.levels if level.price
            }
            for parcel in checkouts.checkout_for(buyer, view.ref).parcels
        }
    order = by_country(pay(view, buyer))["CN"]

    page = browse(buyer).get(insure(browse(buyer), order).location)

    told = BeautifulSoup(page.get_data(as_text=True), "html.parser")
    assert [one["value"] for one in told.select("input[name=cover]")] == [*shop["CN"]]
    for price in shop["CN"].values():
        assert str(price.total.amount) in told.find("main").get_text()
    with reading():
        risk = quotes.parcel_of(quote_id=order.insurance_quote_id)
        quote = cover.estimate_parcel(risk=risk)
    assert {one.cover: one.price for one in quote.levels if one.price} == shop["CN"]


def test_cover_is_added_until_the_first_scan_and_belongs_to_the_order(
    market, buyer, browse, available
):
    order = by_country(pay(to_review(market, buyer, cover_level=None), buyer))["CN"]
    browser, before = browse(buyer), available(buyer, "EUR")
    page = browser.get(f"/en/orders/{order.group_ref}")

    done = bought(browser, order)
    settle()

    policy = policy_of(order)
    with reading():
        assert orders.by_ref(order.ref).cover == Cover.PLUS
    assert button(page, order)
    assert done.status_code == 303
    assert (policy.parcel_ref, policy.order_ref) == (order.parcel_ref, order.ref)
    assert available(buyer, "EUR") == before - policy.total
    after = browser.get(f"/en/orders/{order.group_ref}")
    assert not button(after, order)
    assert f"/cover/policies/{policy.number}" in after.get_data(as_text=True)
    assert browser.get(f"/en/orders/{order.group_ref}/receipt.pdf").status_code == 200


def test_an_order_that_is_called_off_gives_its_later_cover_back(market, buyer, browse, available):
    before = available(buyer, "EUR")
    made = by_country(pay(to_review(market, buyer, cover_level=None), buyer))
    bought(browse(buyer), made["CN"])

    for order in made.values():
        order_service.cancel(order_ref=order.ref, actor=buyer)
    settle()

    assert policy_of(made["CN"]) is None
    assert available(buyer, "EUR") == before


def test_a_parcel_that_the_carrier_took_is_refused_before_its_order_hears_of_it(
    market, buyer, browse, available
):
    order = by_country(pay(to_review(market, buyer, cover_level=None), buyer))["CN"]
    browser = browse(buyer)
    offer = insure(browser, order).location
    post(browser, f"{offer}/product-information")
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    settle()
    before = available(buyer, "EUR")
    house_clock.freeze(house_clock.now() + timedelta(days=1, hours=20))

    late = post(browser, offer, cover="PLUS", need="on")
    again = browser.get(insure(browser, order).location)

    with reading():
        assert shipping.parcel(parcel_ref=order.parcel_ref).scanned_at is None
    wrong = BeautifulSoup(late.get_data(as_text=True), "html.parser").select_one("#wrong")
    assert wrong["data-code"] == "shipment_already_in_transit"
    assert 'name="cover"' not in again.get_data(as_text=True)
    assert policy_of(order) is None
    assert available(buyer, "EUR") == before


def test_a_silent_carrier_costs_nothing(market, buyer, browse, available):
    order = by_country(pay(to_review(market, buyer, cover_level=None), buyer))["CN"]
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    settle()
    misbehave(kind=MischiefKind.TIMEOUT, parcel_ref=order.parcel_ref, times=1, actor=SYSTEM)

    answer = insure(browse(buyer), order)

    wrong = BeautifulSoup(answer.get_data(as_text=True), "html.parser").select_one("#wrong")
    assert wrong["data-code"] == "tracking_down"


def test_nobody_else_insures_an_order(market, buyer, browse, signed_in):
    order = by_country(pay(to_review(market, buyer, cover_level=None), buyer))["CN"]

    answer = insure(browse(signed_in("haruka@example.com")), order)

    assert answer.status_code == 404


def test_who_sold_a_parcel_is_known_to_those_who_judge_its_risk(market, buyer):
    order = by_country(pay(to_review(market, buyer, cover_level=None), buyer))["CN"]

    with reading():
        assert covering.sellers_of(order.parcel_ref) == [order.organisation_id]
        assert covering.sellers_of("DHL-JD014600003RQ") == []
        assert sellers.sold_by([order.parcel_ref, "DHL-JD014600003RQ"]) == {
            order.parcel_ref: order.vendor_id
        }
        assert covering.names_of([order.vendor_id]) == {
            order.vendor_id: vendors.vendor(order.vendor_id).name
        }
