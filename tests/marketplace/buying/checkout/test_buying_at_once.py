"""One product bought at once: straight to the checkout, and the cart stays as it is."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel.db import reading
from kernel.money import Money
from marketplace.buying.buyers import queries as buyers
from marketplace.buying.cart import queries as carts
from marketplace.buying.cart import service as cart
from marketplace.buying.checkout import queries as checkouts
from marketplace.buying.checkout import service as checkout
from marketplace.buying.checkout.errors import CheckoutOver
from tests.asking import says
from tests.browser.people import browser as browser_of
from tests.journeys.shopping import TWO, fill, offer, pay
from tests.marketplace.makers import make_offer, make_rates

BUYER = "camille@example.com"


def lines(actor):
    with reading():
        held = carts.cart_for(actor, None, locale="en", currency="EUR")
    return {line.offer.offer_id: line.quantity for line in held.lines}


@pytest.fixture
def buyer(market, signed_in, with_money):
    actor = signed_in(BUYER)
    with_money(actor, "2000 EUR")
    return actor


def at_once(actor, offer_id, quantity=1):
    """Start a checkout of one offer; return it, priced for the buyer's address."""
    apart = cart.set_apart(offer_id=offer_id, quantity=quantity, seen=Money(1, "EUR"), actor=actor)
    ref = checkout.start(
        cart_id=apart, locale="en", country="FR", currency="EUR", actor=actor, is_alone=True
    )
    with reading():
        address = buyers.addresses_of(actor)[0]
    checkout.send_to(ref=ref, address_id=address.id, actor=actor)
    checkout.choose(ref=ref, options={}, covers={}, actor=actor)
    with reading():
        return checkouts.checkout_for(actor, ref)


def test_only_what_was_set_apart_is_bought_and_the_cart_is_left_alone(market, buyer):
    teapot = offer(market, country="CN", title="壶")
    fill(market, buyer, goods=(("CN", "壶"), ("DK", "lamp")))
    before = lines(buyer)

    view = at_once(buyer, teapot, quantity=2)
    pay(view, buyer)

    sold = [(line.offer_id, line.quantity) for parcel in view.parcels for line in parcel.lines]
    assert sold == [(teapot, 2)]
    assert lines(buyer) == before


def test_the_last_piece_can_be_bought_at_once(market, buyer):
    teapot = offer(market, country="CN", title="壶")
    market.execute(
        text(
            "UPDATE marketplace.stock_level SET on_hand = reserved + allocated + 1"
            " WHERE offer_id = :id"
        ),
        {"id": teapot},
    )

    assert pay(at_once(buyer, teapot), buyer)


def test_the_last_piece_is_not_sold_out_to_who_presses_twice(market, buyer):
    teapot = offer(market, country="CN", title="壶")
    market.execute(
        text(
            "UPDATE marketplace.stock_level SET on_hand = reserved + allocated + 1"
            " WHERE offer_id = :id"
        ),
        {"id": teapot},
    )
    at_once(buyer, teapot)

    assert pay(at_once(buyer, teapot), buyer)


def page_of(answer):
    assert answer.status_code == 200, answer.text[:300]
    return BeautifulSoup(answer.text, "html.parser")


def asked_of(browser, made):
    """Return the button "Buy now" of the product's page, and its form."""
    with browser.session_transaction() as cookies:
        cookies["country"], cookies["currency"] = "FR", "EUR"
    page = page_of(browser.get(f"/en/p/{made.ref}/", follow_redirects=True))
    fields = page.select("#n, #add input[name]")
    form = {field["name"]: field.get("value", "") for field in fields}
    return page.select_one("form#add button[formaction]"), form


def pressed(browser, made):
    """Press "Buy now" on the product's page, as a browser without a script does."""
    button, form = asked_of(browser, made)
    form[button["name"]] = button["value"]
    on = browser.post(button["formaction"], data=form)
    assert on.status_code == 307  # which a browser follows with the same form
    return browser.post(on.location, data=form, follow_redirects=True)


def test_the_button_leads_to_the_address_with_one_press(as_, make_person):
    make_rates(JPY="160")
    made = make_offer(stock=3)
    browser = as_(make_person())

    answer = pressed(browser, made)

    # Somebody without an address is asked for one first, beside that product alone.
    assert (answer.request.path, answer.request.args["apart"]) == ("/en/checkout/", "1")
    assert len(page_of(answer).select("aside .item")) == 1
    assert not page_of(browser.get("/en/cart/")).select(".item")


def test_a_stranger_is_asked_where_it_goes_beside_that_product_alone(client, db):
    make_rates(JPY="160")
    client.get("/en/settings")
    asked = pressed(client, make_offer(stock=3))

    assert (asked.request.path, asked.request.args["apart"]) == ("/en/checkout/", "1")
    assert len(page_of(asked).select("aside .item")) == 1
    form = page_of(asked).select_one("#where")
    assert form.select_one("[name=email]") is not None
    assert form.select_one("[name=apart]")["value"] == "on"


def test_whoever_opens_the_cart_instead_checks_out_the_cart(as_, make_person):
    make_rates(JPY="160")
    browser = as_(make_person())
    with browser.session_transaction() as cookies:
        cookies["apart"] = "018f3f62-0000-7000-8000-000000000000"

    browser.get("/en/cart/")

    assert browser.get("/en/checkout/start").status_code == 303


def test_a_button_pressed_again_never_checks_out_the_cart_instead(as_, make_person):
    make_rates(JPY="160")
    browser = as_(make_person())
    _, form = asked_of(browser, make_offer(stock=3))
    browser.post("/en/cart/lines", data=form)

    again = browser.post("/en/checkout/start", data=form | {"apart": "on"})

    assert (again.status_code, again.location) == (303, "/en/checkout/?apart=1")
    assert browser.get(again.location).location == "/en/cart/"
    assert browser.post("/en/checkout/start", data=form).location == "/en/checkout/"


@pytest.mark.parametrize("page", ["", "/address"])
def test_a_checkout_that_was_left_for_another_leads_to_the_cart_and_says_so(
    app, market, buyer, page
):
    country, title = TWO[0]
    product = offer(market, country=country, title=title)
    left = at_once(buyer, product)
    at_once(buyer, product)
    browser = browser_of(app, buyer)

    shown = browser.get(f"/en/checkout/{left.ref}{page}", follow_redirects=True)

    assert shown.request.path == "/en/cart/"
    assert says(page_of(shown), CheckoutOver.message)
