"""A guest who presses "Check out" is led through the door and back, and loses nothing."""

from __future__ import annotations

import re

from kernel.actor import ANONYMOUS
from kernel.money import Money
from marketplace.buying.cart import service as cart
from tests.asking import says
from tests.marketplace.makers import make_offer

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
    return int(re.search(r"<h1>(\d+) pieces in your cart", page.text).group(1))


def test_a_guest_is_asked_to_sign_in_and_told_why(app, db):
    browser = guest_with_goods(app, 2)

    answer = browser.post("/en/checkout/start", data=TOKEN)

    assert answer.status_code == 303
    assert answer.location.endswith("/en/sign-in?next=/en/checkout/start")
    assert says(browser.get(answer.location), "Please sign in to continue.")


def test_whoever_opens_an_account_on_the_way_finds_the_cart_as_it_was(app, db):
    browser = guest_with_goods(app, 3)
    asked = browser.post("/en/checkout/start", data=TOKEN).location
    door = re.search(r'href="(/en/sign-up[^"]*)"', browser.get(asked).text).group(1)

    inside = browser.post(
        door, data=TOKEN | {"name": "Noor", "email": "noor@example.com", "password": PASSWORD}
    )
    back = browser.get(inside.location, follow_redirects=True)

    assert back.request.path == "/en/cart/"
    assert pieces(back) == 3


def test_a_form_without_a_page_of_its_own_leads_back_to_where_it_stood(app, db):
    browser = guest_with_goods(app, 1)
    stood = "/en/checkout/CO-1/review"

    answer = browser.post(
        "/en/checkout/CO-1/pay", data=TOKEN, headers={"Referer": f"http://localhost{stood}"}
    )

    assert answer.location.endswith(f"/en/sign-in?next={stood}")


def test_a_form_sent_from_nowhere_still_leads_to_the_door(app, db):
    answer = guest_with_goods(app, 1).post("/en/checkout/CO-1/pay", data=TOKEN)

    assert answer.status_code == 303
    assert answer.location.endswith("/en/sign-in")
