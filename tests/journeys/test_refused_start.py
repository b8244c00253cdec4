"""A checkout that cannot start leads back to the cart, which says why."""

import pytest
from bs4 import BeautifulSoup
from sqlalchemy import text

from kernel.money import Money
from marketplace.buying.cart import service as cart
from tests.asking import english, says
from tests.journeys.shopping import offer

pytestmark = pytest.mark.journey


def pressed(browser):
    answer = browser.post(
        "/en/checkout/start", data={"csrf_token": "test-token"}, follow_redirects=True
    )
    assert answer.status_code == 200
    assert answer.request.path == "/en/cart/"
    note = BeautifulSoup(answer.get_data(as_text=True), "html.parser").select_one(".note.bad")
    return note.get_text(strip=True)


def test_an_empty_cart_says_that_it_is_empty(market, noon, signed_in, browse):
    assert pressed(browse(signed_in("camille@example.com"))) == english("Your cart is empty.")


def test_a_cart_with_too_many_pieces_asks_to_look_at_the_notes(market, noon, signed_in, browse):
    buyer = signed_in("camille@example.com")
    lamp = offer(market, country="DK", title="lamp")
    cart.add_line(cart_id=None, offer_id=lamp, quantity=9, seen=Money(1, "EUR"), actor=buyer)
    market.execute(
        text("UPDATE marketplace.stock_level SET on_hand = 3 WHERE offer_id = :id"), {"id": lamp}
    )
    assert says(pressed(browse(buyer)), "can't be bought as they are")


def test_whoever_signs_out_leaves_no_cart_behind(market, noon, signed_in, browse):
    buyer = signed_in("camille@example.com")
    browser = browse(buyer)
    lamp = offer(market, country="DK", title="lamp")
    browser.post(
        "/en/cart/lines",
        data={
            "csrf_token": "test-token",
            "offer_id": lamp,
            "quantity": 1,
            "currency": "EUR",
            "seen_minor": 1,
        },
    )
    browser.post("/en/sign-out", data={"csrf_token": "test-token"})
    with browser.session_transaction() as kept:
        assert kept.keys() <= {"country", "currency", "_permanent"}


def test_the_cart_of_another_account_is_never_taken_over(market, noon, signed_in):
    first, second = signed_in("camille@example.com"), signed_in("haruka@example.com")
    lamp = offer(market, country="DK", title="lamp")
    hers = cart.add_line(cart_id=None, offer_id=lamp, quantity=1, seen=Money(1, "EUR"), actor=first)
    pot = offer(market, country="CN", title="壶")
    own = cart.add_line(cart_id=None, offer_id=pot, quantity=1, seen=Money(1, "EUR"), actor=second)
    assert cart.adopt(cart_id=hers, actor=second) == own
    lines = market.execute(
        text("SELECT cart_id, offer_id FROM marketplace.cart_line WHERE cart_id IN (:a, :b)"),
        {"a": hers, "b": own},
    )
    assert {tuple(row) for row in lines} == {(hers, lamp), (own, pot)}


def test_two_carts_of_one_person_become_one(market, noon, signed_in):
    buyer = signed_in("camille@example.com")
    lamp, pot = (
        offer(market, country="DK", title="lamp"),
        offer(market, country="CN", title="壶"),
    )
    one = cart.add_line(cart_id=None, offer_id=lamp, quantity=1, seen=Money(1, "EUR"), actor=buyer)
    two = cart.add_line(cart_id=None, offer_id=pot, quantity=1, seen=Money(1, "EUR"), actor=buyer)
    assert cart.adopt(cart_id=two, actor=buyer) == one
    left = market.execute(text("SELECT cart_id, offer_id FROM marketplace.cart_line"))
    assert {tuple(row) for row in left} == {(one, lamp), (one, pot)}
