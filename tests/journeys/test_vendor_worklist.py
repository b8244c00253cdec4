"""A vendor's saved views: what waits, what is late, what is disputed, as lists, tables, papers."""

from __future__ import annotations

import csv
import io
import zipfile

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from banking import api as bank
from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from marketplace.orders import queries as orders
from marketplace.orders import service as order_service
from marketplace.shipping.cli import settle
from tests.journeys.shopping import by_country, pay, to_review

pytestmark = pytest.mark.journey

VENDOR = "owner@qinglan.example.com"
OTHER_VENDOR = "owner@meijiawu.example.com"


@pytest.fixture
def two_orders(market, noon, signed_in, with_money):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "1000 EUR")
    return [by_country(pay(to_review(market, buyer), buyer))["CN"] for _ in range(2)]


def rows(browser, view):
    page = BeautifulSoup(browser.get(f"/en/desk/orders?view={view}").text, "html.parser")
    return {box["value"] for box in page.select("input[name=order]")} or {
        link["href"].rpartition("/")[2] for link in page.select("main td .nw a")
    }


def ship_by(order, days):
    change = "UPDATE marketplace.vendor_order SET ship_by_on = :on WHERE ref = :ref"
    with reading() as current:
        on = clock.today().toordinal() + days
        current.execute(text(change), {"on": clock.today().fromordinal(on), "ref": order.ref})


def test_views_part_what_is_late_from_what_goes_today(browse, signed_in, two_orders):
    late, today = two_orders
    ship_by(late, -1)
    ship_by(today, 0)
    browser = browse(signed_in(VENDOR))

    assert rows(browser, "late") == {late.ref}
    assert rows(browser, "today") == {today.ref}
    assert rows(browser, "to-pack") == rows(browser, "all") == {late.ref, today.ref}
    page = BeautifulSoup(browser.get("/en/desk/orders?view=late").text, "html.parser")
    counts = [chip.text.split()[-1] for chip in page.select("main .chips a")][:3]
    assert counts == ["2", "1", "1"]
    assert "late" in page.select_one("tbody .tag.bad").text
    assert browser.get("/en/desk/orders?view=nothing").status_code == 404


def test_money_in_dispute_is_the_vendors_share_and_held_nowhere_else(browse, signed_in, two_orders):
    disputed, other = two_orders
    with reading():
        seen = bank.escrow_of(order_ref=disputed.ref)
    bank.freeze_escrow(order_ref=disputed.ref, amount=seen.remaining, actor=SYSTEM)
    browser = browse(signed_in(VENDOR))

    page = BeautifulSoup(browser.get("/en/desk/").text, "html.parser")

    panel = page.select_one("aside .panel.money").text
    assert f"{disputed.vendor_net.amount:,}" in panel.partition("In dispute")[2]
    held = panel.partition("Held until delivery")[2].partition("In dispute")[0]
    assert f"{other.vendor_net.amount:,}" in held
    assert rows(browser, "disputed") == {disputed.ref}


def test_the_table_holds_what_the_list_holds(browse, signed_in, two_orders):
    ship_by(two_orders[0], -1)
    browser = browse(signed_in(VENDOR))

    answer = browser.get("/en/desk/orders.csv?view=late")

    (row,) = csv.DictReader(io.StringIO(answer.text))
    assert (row["order"], row["currency"]) == (two_orders[0].ref, "CNY")
    assert row["you_receive"] == str(two_orders[0].vendor_net.amount)
    assert (row["duties"], row["country"]) == ("paid", two_orders[0].country)
    foreign = browse(signed_in(OTHER_VENDOR)).get("/en/desk/orders.csv?view=all").text
    assert two_orders[0].ref not in foreign


def test_papers_of_ticked_orders_come_in_one_archive(browse, signed_in, two_orders):
    packed, waiting = two_orders
    order_service.dispatch(order_ref=packed.ref, actor=SYSTEM)
    settle()
    browser = browse(signed_in(VENDOR))
    form = {"csrf_token": "test-token", "order": [packed.ref, waiting.ref]}

    answer = browser.post("/en/desk/orders/papers", data=form)

    names = zipfile.ZipFile(io.BytesIO(answer.data)).namelist()
    assert f"{packed.ref}/label.pdf" in names
    assert {name.partition("/")[0] for name in names} == {packed.ref}


def test_papers_are_asked_of_packed_orders_of_ones_own(browse, signed_in, two_orders):
    form = {"csrf_token": "test-token", "order": [two_orders[0].ref]}

    unpacked = browse(signed_in(VENDOR)).post("/en/desk/orders/papers", data=form)
    foreign = browse(signed_in(OTHER_VENDOR)).post("/en/desk/orders/papers", data=form)

    assert (unpacked.status_code, foreign.status_code) == (409, 404)


def test_figures_say_the_change_the_countries_and_what_follows(browse, signed_in, two_orders):
    page = BeautifulSoup(browse(signed_in(VENDOR)).get("/en/desk/").text, "html.parser")

    first = page.select_one("main h2")
    assert first.text == "To do"
    sales = page.find("h2", id="sales").find_parent("section")
    assert "France" in sales.select("table")[-1].text
    health = page.find("h2", id="health").find_parent("section").text
    assert "From 3% on, 5% of each payout stays back as a reserve." in health


def test_a_shop_without_orders_is_led_through_its_opening(browse, signed_in, market):
    page = BeautifulSoup(browse(signed_in(OTHER_VENDOR)).get("/en/desk/").text, "html.parser")

    setup = page.find("h2", id="setup").find_parent("section")
    assert len(setup.select("li")) == 5
    assert "List your first goods" in setup.select_one("li:has(.tag.ok)").text


def test_a_list_asks_as_little_for_two_orders_as_for_one(browse, signed_in, two_orders):
    browser = browse(signed_in(VENDOR))
    browser.get("/en/desk/orders")

    with counting_queries() as asked:
        browser.get("/en/desk/orders")

    assert len(asked) <= 9
    assert orders.by_ref(two_orders[0].ref).ship_by_on <= two_orders[0].promised_on
