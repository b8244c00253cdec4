"""What a page says of a parcel without cover: the seller bears the risk until it is handed over.

Source: Directive 2011/83/EU, article 20; Consumer Rights Act 2015 (UK), section 29.
"""

from __future__ import annotations

import re
from datetime import date, timedelta

import pytest
from bs4 import BeautifulSoup

from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.web import message_catalogues
from kernel.web.preferences import LANGUAGES
from marketplace.aftersales.returns.rules import Payer, Reason, row
from marketplace.aftersales.tracking.prospects import UNDER_WAY
from marketplace.buying.orders import service as orders
from marketplace.logistics.shipping.cli import settle
from tests.asking import says
from tests.journeys.shopping import by_country, fill, pay, to_review

pytestmark = pytest.mark.journey

WITHOUT = "Lost? You get your money back. Broken or late? Send it back; the seller pays."
CARRIER = "What the carrier owes is a sum by weight, and goes to the seller."

# How each language said, or would say, that who buys takes the risk of the way upon himself.
AT_YOUR_RISK = re.compile(
    "(your|own) risk|vo(tre|s) risques?|Ihr Risiko|Ihre Gefahr"
    "|(rotura|retraso)[^.]* por tu cuenta|tu riesgo|(quebra|atraso)[^.]* por sua conta|seu risco"
    "|(破損|遅延)[^。]*お客様のご?負担|(파손|지연)[은과][^.]*고객님이 부담"
    "|(破损|延误)[^。]*您(自行)?承担"
    "|على مسؤوليتك",
    re.IGNORECASE,
)


@pytest.mark.parametrize("locale", LANGUAGES.values())
def test_no_sentence_puts_the_way_at_the_buyers_risk(locale):
    found = [
        words
        for message in message_catalogues.read(locale)
        for words in (message.string if message.pluralizable else [message.string or message.id])
        if AT_YOUR_RISK.search(words)
    ]

    assert found == []


def test_what_comes_broken_wrong_or_late_goes_back_at_the_sellers_cost():
    for reason in set(Reason) - {Reason.CHANGED_MIND}:
        assert row(reason, date(2026, 11, 30)).way_back == Payer.SELLER


def test_before_paying_every_page_says_what_holds_without_cover(
    market, noon, signed_in, with_money, browse
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer, cover_level=None)
    browser = browse(buyer)
    fill(market, buyer)

    shelf = BeautifulSoup(browser.get("/en/goods/").get_data(as_text=True), "html.parser")
    product = shelf.select_one("main a[href*='/p/']")["href"]
    for address in (f"/en/checkout/{view.ref}", "/en/cart/", product):
        page = browser.get(address)
        assert says(page, WITHOUT), address
        assert says(page, CARRIER), address


def test_product_cart_and_checkout_say_the_same_prices_and_the_same_gains(
    market, noon, signed_in, with_money, browse
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    one_pot = (("CN", "壶"),)
    view = to_review(market, buyer, cover_level=None, goods=one_pot)
    browser = browse(buyer)

    checkout, cart = (_levels(browser, at) for at in (f"/en/checkout/{view.ref}", "/en/cart/"))
    product = _levels(browser, f"/en/p/{view.parcels[0].lines[0].product_ref}/")

    assert len(checkout) > 1
    assert checkout == cart == product


def _levels(browser, address):
    """Return what a page says of each level of cover: its price and what it adds."""
    page = BeautifulSoup(
        browser.get(address, follow_redirects=True).get_data(as_text=True), "html.parser"
    )
    return {
        radio["value"]: (
            radio.parent.select_one(".amount").text,
            [
                " ".join(words.split())
                for words in radio.parent.select_one(".about").stripped_strings
            ],
        )
        for radio in page.select(".pick input[name^=cover]")
    }


def test_an_order_that_came_without_cover_says_who_pays_for_what_is_broken(
    market, noon, signed_in, with_money, browse
):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    order = by_country(pay(to_review(market, buyer, cover_level=None), buyer))["CN"]
    settle()
    orders.dispatch(order_ref=order.ref, actor=SYSTEM)
    while by_country(order.group_ref)["CN"].state in UNDER_WAY:
        house_clock.freeze(house_clock.now() + timedelta(hours=12))
        settle()

    page = BeautifulSoup(
        browse(buyer).get(f"/en/orders/{order.group_ref}").get_data(as_text=True), "html.parser"
    ).find(id=order.ref)
    assert says(page, "Broken or wrong? Return it; the seller pays.")
    assert page.select("a[href$='/return']")
