"""Another currency, language or destination at any step: priced anew, or told why not.

Whatever was chosen, what is charged is what was shown last. Each choice is made at two of the four
steps; CHANGES=all makes it at all of them, as `make soak` does.
"""

from __future__ import annotations

import itertools
import os

import pytest
from bs4 import BeautifulSoup
from paying_by_card import card_of, groups

from banking import api as bank
from banking.cards.card_topups.rules import to_network
from kernel.db import reading
from kernel.money import Money
from marketplace.buying.orders import queries as orders
from tests.asking import says

pytestmark = pytest.mark.journey

CURRENCIES, LOCALES = ("EUR", "GBP", "JPY"), ("en", "de", "ja")
HOMES = {
    "FR": {"line1": "18 rue Mercière", "postcode": "69002", "city": "Lyon"},
    "GB": {"line1": "1 Main Street", "postcode": "LS1 4DY", "city": "Leeds"},
    "JP": {
        "line1": "2-19-15 Jingumae",
        "postcode": "150-0001",
        "city": "Shibuya-ku",
        "region": "Tokyo",
        "phone": "+81312345678",
    },
}
STEPS = ("cart", "address", "page", "card")
EVERY = [
    (STEPS[step], *choice)
    for number, choice in enumerate(itertools.product(CURRENCIES, LOCALES, HOMES))
    for step in range(len(STEPS))
    if os.environ.get("CHANGES") == "all" or (number + step) % 2 == 0
]


class Shopper:
    """A browser without an account, and what it chose for all pages."""

    def __init__(self, browser):
        self.browser, self.locale, self.country = browser, "en", "FR"

    def choose(self, currency, locale, country):
        """Choose as the header does: the language stands in addresses, the others in the cookie."""
        with self.browser.session_transaction() as cookies:
            cookies["country"], cookies["currency"] = country, currency
        self.locale, self.country = locale, country

    def get(self, address):
        answer = self.browser.get(f"/{self.locale}{address}")
        assert answer.status_code in {200, 303}, (address, answer.status_code)
        return answer

    def post(self, address, **form):
        with self.browser.session_transaction() as cookies:
            token = {"csrf_token": cookies["csrf"]}  # another one once a guest is seated
        return self.browser.post(f"/{self.locale}{address}", data=token | form)

    def send_to(self, address, country):
        home = {"name": "Noor Aziz", "email": "noor@example.com", "country": country}
        sent = self.post(address, address_id="new", **home, **HOMES[country])
        assert sent.status_code == 303, BeautifulSoup(sent.text, "html.parser").get_text(" ")[:900]
        return sent.location.removeprefix(f"/{self.locale}")

    def shown(self, address):
        """Return the page that pays, and the sum on it. Units: minor units."""
        page = BeautifulSoup(self.get(address).text, "html.parser")
        return page, int(page.select_one("#travel [name=total_minor]")["value"])


@pytest.fixture
def shopper(stranger):
    return Shopper(stranger)


def follow(shopper, checkout, currency, country):
    """Bring the page that pays to what was chosen, by the ways that it offers."""
    page, _ = shopper.shown(checkout)
    priced_in = page.select_one(f"form[action$='{checkout}/currency']")
    if priced_in is not None:
        assert shopper.post(f"{checkout}/currency").status_code == 303
    shopper.send_to(f"{checkout}/address", country)
    page, after = shopper.shown(checkout)
    assert page.select_one(f"form[action$='{checkout}/currency']") is None
    return after


@pytest.mark.parametrize(("step", "currency", "locale", "country"), EVERY)
def test_what_is_charged_was_shown_last(market, shopper, network, step, currency, locale, country):
    chosen = (currency, locale, country)
    if step == "cart":
        shopper.get("/cart/")
        shopper.choose(*chosen)
        assert shopper.get("/cart/").status_code == 200
    if step == "address":
        shopper.get("/checkout/")
        shopper.choose(*chosen)
        assert shopper.get("/checkout/").status_code == 200
    checkout = shopper.send_to("/checkout/", shopper.country)
    _, total = shopper.shown(checkout)
    if step == "page":
        shopper.choose(*chosen)
        total = follow(shopper, checkout, currency, country)
    pressed = shopper.post(f"{checkout}/pay", total_minor=str(total), pay_with="card")
    at_network = pressed.location
    assert at_network.startswith("http"), "the network's own page"
    if step == "card":
        shopper.choose(*chosen)
        page, still = shopper.shown(checkout)
        offered = page.select_one(f"form[action$='{checkout}/currency']")
        assert (still, offered is not None) == (total, currency != "EUR")
        if offered is not None:
            refused = shopper.post(f"{checkout}/currency")
            assert refused.status_code == 409
            assert locale != "en" or says(refused, "You've opened the card page for")
    network.pay(at_network, number=card_of(1))
    arrived = shopper.get(f"{checkout}/paid")

    (group,) = groups(market)
    assert arrived.location == f"/{shopper.locale}/orders/{group.ref}"
    with reading():
        placed = orders.group_by_ref(group.ref)
        assert bank.verify_ledger().balanced
    paid_in, home = ("EUR", "FR") if step == "card" else (currency, country)
    assert (placed.total, placed.country) == (Money(total, paid_in), home)
    assert [one["amount"] for one in network.charges()] == [to_network(placed.total)]
