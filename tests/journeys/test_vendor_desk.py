"""A vendor's morning: figures, what waits, and several orders packed at once."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel.db import reading
from marketplace.buying.orders import queries as orders
from tests.asking import says
from tests.journeys.shopping import by_country, pay, to_review

pytestmark = pytest.mark.journey

VENDOR = "owner@qinglan.example.com"
OTHER_VENDOR = "owner@meijiawu.example.com"


@pytest.fixture
def two_orders(market, noon, signed_in, with_money):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "1000 EUR")
    return [by_country(pay(to_review(market, buyer), buyer))["CN"] for _ in range(2)]


def pack(browser, refs):
    form = {"csrf_token": "test-token", "order": refs}
    return browser.post("/en/desk/orders/dispatch", data=form)


def states(found):
    return [orders.by_ref(order.ref).state.value for order in found]


def test_the_desk_counts_what_waits_and_what_was_sold(browse, signed_in, two_orders):
    page = BeautifulSoup(browse(signed_in(VENDOR)).get("/en/desk/").text, "html.parser")

    sold = sum((order.vendor_goods for order in two_orders[1:]), two_orders[0].vendor_goods)
    digits = "".join(c for c in page.select_one(".figures .figure").text if c.isdigit() or c == ".")
    assert page.h1.text.startswith("2 orders to pack")
    assert page.select_one(".todo .serif").text == "2"
    assert digits == str(sold.amount)
    assert page.select_one(".twin tbody tr td").text == page.select_one(".figures .figure").text
    ticks = {box["value"] for box in page.select("input[name=order]")}
    assert ticks == {order.ref for order in two_orders}


def test_ticked_orders_are_packed_together(browse, signed_in, two_orders):
    browser = browse(signed_in(VENDOR))

    answer = pack(browser, [order.ref for order in two_orders])

    assert answer.headers["Location"].endswith("/en/desk/orders?view=under-way")
    assert states(two_orders) == ["dispatched", "dispatched"]


def test_one_foreign_order_among_them_packs_none(browse, signed_in, two_orders):
    foreign = pack(browse(signed_in(OTHER_VENDOR)), [two_orders[0].ref])
    mixed = pack(browse(signed_in(VENDOR)), [two_orders[0].ref, "G-22222222-1"])

    assert (foreign.status_code, mixed.status_code) == (404, 404)
    assert states(two_orders) == ["paid", "paid"]


def test_held_money_is_what_reaches_the_vendor_and_not_what_the_buyer_paid(
    browse, signed_in, two_orders
):
    page = BeautifulSoup(browse(signed_in(VENDOR)).get("/en/desk/").text, "html.parser")

    net = sum((order.vendor_net for order in two_orders[1:]), two_orders[0].vendor_net)
    figures = {item.a.text: item.select_one(".figure").text for item in page.select(".figures li")}
    held = figures["Held until delivery"]
    assert "".join(c for c in held if c.isdigit() or c == ".") == str(net.amount)
    assert net.currency != two_orders[0].total.currency
    assert len(page.select("aside .panel.money h2")) == 1


def test_orders_to_pack_stand_in_the_order_of_their_promises(browse, signed_in, two_orders):
    older, newer = sorted(two_orders, key=lambda order: (order.placed_at, order.ref))
    postponed = "UPDATE marketplace.vendor_order SET promised_on = promised_on + 9 WHERE ref = :ref"
    with reading() as current:
        current.execute(text(postponed), {"ref": newer.ref})
    browser = browse(signed_in(VENDOR))

    for address in ("/en/desk/", "/en/desk/orders"):
        page = BeautifulSoup(browser.get(address).text, "html.parser")
        assert [b["value"] for b in page.select("input[name=order]")] == [older.ref, newer.ref]


@pytest.mark.parametrize("view", ["under-way", "delivered", "closed"])
def test_an_empty_view_says_what_comes_there_and_not_what_waits(browse, signed_in, view):
    answer = browse(signed_in(VENDOR)).get(f"/en/desk/orders?view={view}")

    assert says(answer, "No orders here")
    assert not says(answer, "as soon as a buyer pays")
