"""What a guest who buys one product at once asks of the database, request by request."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel.db import counting_queries
from tests.journeys.shopping import offer

pytestmark = pytest.mark.journey

HOME = {
    "country": "FR",
    "name": "Noor Aziz",
    "line1": "18 rue Mercière",
    "postcode": "69002",
    "city": "Lyon",
    "apart": "on",
}
BUDGET = {"apart": 2, "start": 0, "where": 2, "begin": 16, "show": 4}
_REF = text(
    "SELECT p.ref FROM marketplace.offer o JOIN marketplace.variant v ON v.id = o.variant_id"
    " JOIN marketplace.product p ON p.id = v.product_id WHERE o.id = :offer_id"
)


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def bought_at_once(browser, ref, email):
    """Go from the product's page to the one that pays; return the statements of each request."""
    asked = {}

    def counted(step, method, address, **form):
        with counting_queries() as count:
            answer = getattr(browser, method)(address, **form)
        asked[step] = len(count)
        return answer

    page = soup(browser.get(f"/en/p/{ref}/", follow_redirects=True))
    button = page.select_one("form#add button[formaction]")
    form = {field["name"]: field.get("value", "") for field in page.select("#n, #add input[name]")}
    form[button["name"]] = button["value"]

    apart = counted("apart", "post", button["formaction"], data=form)
    start = counted("start", "post", apart.location, data=form)
    token = soup(counted("where", "get", start.location)).select_one("[name=csrf_token]")["value"]
    typed = HOME | {"csrf_token": token, "email": email}
    begun = counted("begin", "post", "/en/checkout/", data=typed)
    shown = counted("show", "get", begun.location)
    assert soup(shown).select_one("[name=total_minor]") is not None
    return asked


def test_a_guests_way_to_the_page_that_pays_stays_within_its_budget(market, noon, browse):
    teapot = offer(market, country="CN", title="壶")
    ref = market.execute(_REF, {"offer_id": teapot}).scalar_one()

    asked = []
    for number in range(2):  # the first one finds a process that remembers nothing
        browser = browse()
        with browser.session_transaction() as cookies:
            cookies["country"], cookies["currency"] = "FR", "EUR"
        asked.append(bought_at_once(browser, ref, f"guest{number}@example.com"))

    assert asked[1] == BUDGET
