"""Whatever prices are shown in, the way from the cart to the review ends in something payable."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from banking import api as bank
from kernel.db import reading
from kernel.money import CURRENCIES
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.buying.buyers import service as book
from marketplace.buying.buyers.rules import RULES
from marketplace.buying.buyers.service import NewAddress
from marketplace.buying.checkout import service as checkout
from tests.asking import says
from tests.journeys.shopping import fill

pytestmark = pytest.mark.journey

TOKEN = {"csrf_token": "test-token"}


@pytest.fixture
def buyer(market, noon, signed_in):
    return signed_in("camille@example.com")


@pytest.fixture
def shopping(browse, buyer):
    """Open her browser with another country and currency chosen."""

    def opened(*, country, currency):
        browser = browse(buyer)
        with browser.session_transaction() as cookies:
            cookies["country"], cookies["currency"] = country, currency
        return browser

    return opened


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def words(answer):
    return re.sub(r"\s+", " ", soup(answer).select_one("main").get_text(" "))


def place_in(country, buyer):
    """Give her an address in a country that no border of it refuses."""
    patterns = RULES[country].postcodes
    written = NewAddress(
        name="Camille Martin",
        lines=("1 Main Street",),
        city="Town",
        country=country,
        postcode=patterns[0].translate(str.maketrans("9A*", "1AA")) if patterns else "",
        region={"US": "NY", "CA": "ON", "BR": "SP"}.get(country, ""),
        phone="+33612345678",
        tax_ref={"BR": "52998224725", "KR": "P123456789012"}.get(country, ""),
    )
    return book.add_address(address=written, actor=buyer)


def to_review(browser, country, buyer):
    """Go from the cart to the page that pays as a browser does; return that page."""
    place_in(country, buyer)
    started = browser.post("/en/checkout/start", data=TOKEN)
    assert started.status_code == 303, words(started)
    return browser.get(started.location)


def stored_currency(market):
    return market.execute(
        text("SELECT currency FROM marketplace.checkout WHERE state = 'open'")
    ).scalar_one()


@pytest.mark.parametrize("country", sorted(COUNTRY_CURRENCY))
def test_from_every_country_a_checkout_reaches_its_review_in_a_payable_currency(
    market, shopping, buyer, country
):
    currency = COUNTRY_CURRENCY[country]
    browser = shopping(country=country, currency=currency)
    fill(market, buyer)

    review = to_review(browser, country, buyer)

    assert review.status_code == 200
    assert stored_currency(market) == currency
    assert currency in bank.WALLET_CURRENCIES
    assert not says(words(review), "You can't pay in %(shown)s here.", shown=currency)


def test_every_currency_that_prices_are_shown_in_can_be_paid_or_has_its_stand_in(market, buyer):
    cart_id = fill(market, buyer)
    with reading():
        rates = bank.rates_on()
    paid = {}
    for currency in CURRENCIES:
        if currency in bank.WALLET_CURRENCIES and not rates.knows(currency):
            continue  # goods have no price in it today, and their line in the cart says so
        checkout.start(cart_id=cart_id, locale="en", country="FR", currency=currency, actor=buyer)
        paid[currency] = stored_currency(market)

    assert set(paid.values()) <= set(bank.WALLET_CURRENCIES)
    changed = {currency for currency, found in paid.items() if found != currency}
    assert changed == CURRENCIES.keys() - set(bank.WALLET_CURRENCIES)
    assert {paid[currency] for currency in changed} == {"EUR"}


def test_forints_may_be_looked_at_and_the_cart_says_that_euros_are_paid(
    market, shopping, buyer, with_money
):
    browser = shopping(country="HU", currency="HUF")
    fill(market, buyer, currency="HUF")
    with_money(buyer, "500 EUR")

    shown = browser.get("/en/cart/")
    review = to_review(browser, "HU", buyer)

    for page in (shown, review):
        assert page.status_code == 200
        assert "You can't pay in HUF here." in words(page)
        assert not re.search(r"HUF\s*\d|Ft\b", words(page)), "no amount in forints"
    assert says(words(shown), "Check out · %(num)s items, %(total)s", num=2, total="EUR")
    (pay,) = soup(review).select("#pay .btn:not(.plain-only)")
    assert pay.get_text().startswith("Pay EUR")
