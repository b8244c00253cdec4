"""A vendor packs: the papers appear once the carrier took the order for the parcel."""

from __future__ import annotations

import io
import re

import pytest
from bs4 import BeautifulSoup
from pypdf import PdfReader

from kernel.actor import SYSTEM
from marketplace.orders import service as order_service
from marketplace.shipping.cli import settle
from tests.journeys.shopping import by_country, pay, to_review

pytestmark = pytest.mark.journey

VENDOR = "owner@qinglan.example.com"
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

    assert next(iter(found)) == "Address label"
    assert {"Commercial invoice", "Packing list", "Statement of origin"} < set(found)
    printed = browser.get(found["Commercial invoice"])
    assert (printed.mimetype, printed.data[:5]) == ("application/pdf", b"%PDF-")
    words = PdfReader(io.BytesIO(printed.data)).pages[0].extract_text()
    assert "珠山区陶溪路18号3栋" in re.sub(r"[\s\u2066-\u2069]", "", words)  # the seller's street


def test_another_shop_finds_neither_order_nor_paper(browse, signed_in, teapot):
    order_service.dispatch(order_ref=teapot.ref, actor=SYSTEM)
    settle()
    stranger = browse(signed_in(OTHER_VENDOR))

    for address in (f"/en/desk/orders/{teapot.ref}",
                    f"/en/desk/orders/{teapot.ref}/papers/label.pdf"):  # fmt: skip
        assert stranger.get(address).status_code == 404


def test_a_paper_that_nobody_knows_is_missed(browse, signed_in, teapot):
    address = f"/en/desk/orders/{teapot.ref}/papers/passport.pdf"

    assert browse(signed_in(VENDOR)).get(address).status_code == 404
