"""A stranger who presses "Check out" needs no account, and loses nothing where they have one."""

from __future__ import annotations

import re

from kernel.actor import ANONYMOUS
from kernel.money import Money
from marketplace.buying.cart import service as cart
from tests.asking import says
from tests.marketplace.makers import make_offer, make_rates

TOKEN = {"csrf_token": "test-token"}
PASSWORD = "harbour lantern 1852"


def guest_with_goods(app, quantity):
    cart_id = cart.add_line(
        cart_id=None,
        offer_id=make_offer(stock=50).offer_id,
        quantity=quantity,
        seen=Money(1, "JPY"),
        actor=ANONYMOUS,
    )
    browser = app.test_client()
    with browser.session_transaction() as cookies:
        cookies["csrf"], cookies["cart"] = "test-token", str(cart_id)
        cookies["country"], cookies["currency"] = "FR", "EUR"
    return browser


def pieces(page):
    return int(re.search(r"<h1>(\d+) items in your cart", page.text).group(1))


def test_nobody_is_asked_for_an_account(app, db):
    make_rates(JPY="160")
    browser = guest_with_goods(app, 2)

    button = re.search(r'id="checkout" href="([^"]+)"', browser.get("/en/cart/").text).group(1)
    page = browser.get(button)

    assert button == "/en/checkout/"
    assert page.status_code == 200
    assert says(page, "For your confirmation and tracking. No account needed.")
    assert browser.post("/en/checkout/start", data=TOKEN).location == "/en/checkout/"


def test_who_has_an_account_signs_in_on_the_way_and_finds_the_cart_as_it_was(app, db):
    make_rates(JPY="160")
    browser = guest_with_goods(app, 3)
    asked = browser.get("/en/checkout/").text
    door = re.search(r'href="(/en/sign-in[^"]*)"', asked).group(1)
    account = re.search(r'href="(/en/sign-up[^"]*)"', browser.get(door).text).group(1)

    inside = browser.post(
        account, data=TOKEN | {"name": "Noor", "email": "noor@example.com", "password": PASSWORD}
    )
    back = browser.get(inside.location, follow_redirects=True)

    assert back.request.path == "/en/checkout/"
    assert pieces(browser.get("/en/cart/")) == 3


def test_a_form_without_a_page_of_its_own_leads_back_to_where_it_stood(app, db):
    browser = guest_with_goods(app, 1)
    stood = "/en/checkout/CO-1"

    answer = browser.post(
        "/en/checkout/CO-1/pay", data=TOKEN, headers={"Referer": f"http://localhost{stood}"}
    )

    assert answer.location.endswith(f"/en/sign-in?next={stood}")


def test_a_form_sent_from_nowhere_still_leads_to_the_door(app, db):
    answer = guest_with_goods(app, 1).post("/en/checkout/CO-1/pay", data=TOKEN)

    assert answer.status_code == 303
    assert answer.location.endswith("/en/sign-in")
