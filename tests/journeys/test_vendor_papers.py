"""A vendor packs: the papers appear once the carrier took the order for the parcel."""

from __future__ import annotations

import io
import re

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.cart import service as cart
from marketplace.buying.checkout import queries as checkouts
from marketplace.buying.checkout import service as checkout
from marketplace.buying.orders import service as order_service
from marketplace.logistics.shipping.cli import settle
from tests.asking import english
from tests.journeys.shopping import by_country, offer, pay, to_review

pytestmark = pytest.mark.journey

VENDOR = "owner@qinglan.example.com"
HEADPHONES = "owner@anlan.example.com"
OTHER_VENDOR = "owner@meijiawu.example.com"


@pytest.fixture
def teapot(market, noon, signed_in, with_money):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    return by_country(pay(to_review(market, buyer), buyer))["CN"]


def papers_on(browser, order):
    page = BeautifulSoup(browser.get(f"/en/desk/orders/{order.ref}").text, "html.parser")
    return {link.text: link["href"] for link in page.select("a[href$='.pdf']")}


def test_an_order_that_is_not_packed_has_nothing_to_print(browse, signed_in, teapot):
    assert papers_on(browse(signed_in(VENDOR)), teapot) == {}


def test_the_vendor_of_a_parcel_abroad_prints_every_paper(browse, signed_in, teapot):
    order_service.dispatch(order_ref=teapot.ref, actor=SYSTEM)
    settle()
    browser = browse(signed_in(VENDOR))

    found = papers_on(browser, teapot)

    assert next(iter(found)) == english("Address label")
    assert {
        english("Commercial invoice"),
        english("Packing list"),
        english("Statement of origin"),
    } < set(found)
    printed = browser.get(found["Commercial invoice"])
    assert (printed.mimetype, printed.data[:5]) == ("application/pdf", b"%PDF-")
    words = PdfReader(io.BytesIO(printed.data)).pages[0].extract_text()
    assert "珠山区陶溪路18号3栋" in re.sub(r"[\s\u2066-\u2069]", "", words)  # the seller's street


def test_a_battery_is_kept_with_the_order_and_stands_on_its_label(
    market, noon, signed_in, with_money, browse
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "900 EUR")
    cart_id = cart.add_line(
        cart_id=None,
        offer_id=offer(market, country="CN", title="Hush 2"),
        quantity=1,
        seen=Money(1, "EUR"),
        actor=buyer,
    )
    ref = checkout.start(cart_id=cart_id, locale="en", country="FR", currency="EUR", actor=buyer)
    with reading():
        address = buyers.addresses_of(buyer)[0]
    checkout.send_to(ref=ref, address_id=address.id, actor=buyer)
    checkout.choose(ref=ref, options={}, covers={}, actor=buyer)
    with reading():
        view = checkouts.checkout_for(buyer, ref)
    order = by_country(pay(view, buyer))["CN"]

    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    settle()

    browser = browse(signed_in(HEADPHONES))
    assert [line.hazards for line in order.lines] == [["ion_contained"]]
    assert "(UN 3481)" in browser.get(f"/en/desk/orders/{order.ref}").text
    label = browser.get(papers_on(browser, order)["Address label"])
    assert "UN 3481" in PdfReader(io.BytesIO(label.data)).pages[0].extract_text()


def test_another_shop_finds_neither_order_nor_paper(browse, signed_in, teapot):
    order_service.dispatch(order_ref=teapot.ref, actor=SYSTEM)
    settle()
    stranger = browse(signed_in(OTHER_VENDOR))

    for address in (
        f"/en/desk/orders/{teapot.ref}",
        f"/en/desk/orders/{teapot.ref}/papers/label.pdf",
    ):
        assert stranger.get(address).status_code == 404


def test_a_paper_that_nobody_knows_is_missed(browse, signed_in, teapot):
    address = f"/en/desk/orders/{teapot.ref}/papers/passport.pdf"

    assert browse(signed_in(VENDOR)).get(address).status_code == 404
