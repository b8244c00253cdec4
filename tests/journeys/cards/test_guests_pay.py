"""Somebody without an account buys with a card: four presses, and an order of their own."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from paying_by_card import groups
from sqlalchemy import text

from banking import api as bank
from kernel.db import counting_queries, reading
from kernel.jobs import drain
from tests.asking import says

pytestmark = pytest.mark.journey

TOKEN = {"csrf_token": "test-token"}
MAIL = "noor@example.com"
HOME = {
    "email": MAIL,
    "country": "FR",
    "name": "Noor Aziz",
    "line1": "18 rue Mercière",
    "postcode": "69002",
    "city": "Lyon",
}


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def token_of(page):
    return {"csrf_token": page.select_one("[name=csrf_token]")["value"]}


def to_page(browser, **changed):
    """Go from the cart's button to the page that pays; return the address and the page."""
    asked = browser.post("/en/checkout/start", data=TOKEN)
    assert asked.location == "/en/checkout/"
    form = browser.post(asked.location, data=TOKEN | HOME | changed)
    assert form.status_code == 303, form.text[:3000]
    return form.location, soup(browser.get(form.location))


def pressed(browser, address, page, **form):
    total = page.select_one("[name=total_minor]")["value"]
    sent = token_of(page) | {"total_minor": total, "pay_with": "card"} | form
    return browser.post(f"{address}/pay", data=sent)


def test_a_stranger_types_an_address_and_a_card_and_has_an_order(market, stranger, network):
    address, page = to_page(stranger)

    onward = pressed(stranger, address, page)
    network.pay(onward.location)
    arrived = stranger.get(f"{address}/paid")

    (group,) = groups(market)
    assert arrived.location == f"/en/orders/{group.ref}"
    with reading():
        purchase = bank.purchase(payment_id=group.payment_id)
    assert purchase.email == MAIL
    assert market.execute(text("SELECT count(*) FROM kernel.person WHERE email = :m"), {"m": MAIL})
    order = stranger.get(arrived.location)
    assert order.status_code == 200
    thanks = soup(order).select_one("[aria-labelledby=thanks]")
    assert says(thanks, "Thank you for your order")
    (form,) = thanks.select("form")
    shown = [
        one["name"] for one in form.select("input:not([type=hidden], [readonly], [type=checkbox])")
    ]
    assert shown == ["password"]
    assert len(soup(order).select("input[type=password]")) == 1
    drain()
    letters = "SELECT count(*) FROM kernel.mail WHERE recipient = :m AND template LIKE '%placed%'"
    assert market.execute(text(letters), {"m": MAIL}).scalar_one() == 1


def test_no_wallet_and_no_saved_card_is_offered_to_a_guest(stranger):
    _, page = to_page(stranger)

    assert [one["value"] for one in page.select("[name=pay_with]")] == ["card"]
    assert page.select_one("[name=save_card]") is None


def test_what_is_wrong_is_said_beside_it_and_nothing_typed_is_lost(stranger):
    wrong = stranger.post("/en/checkout/", data=TOKEN | HOME | {"email": "noor", "postcode": "1"})

    page = soup(wrong)
    assert wrong.status_code == 422
    assert page.select_one("[name=name]")["value"] == "Noor Aziz"
    assert {one["id"] for one in page.select(".error")} == {"e-email", "e-postcode"}


def test_a_guest_may_write_down_another_address_and_mailbox_before_paying(market, stranger):
    address, _ = to_page(stranger)
    change = soup(stranger.get(f"{address}/address"))
    assert change.select_one("[name=email]")["value"] == MAIL

    sent = stranger.post(
        f"{address}/address",
        data=token_of(change) | HOME | {"email": "aziz@example.com", "address_id": "new"},
    )

    assert sent.location == address
    assert "aziz@example.com" in stranger.get(address).text


def test_a_checkout_of_a_guest_is_there_for_nobody_else(stranger, browse):
    address, _ = to_page(stranger)

    assert browse().get(address).status_code == 303
    assert re.search("/sign-in", browse().get(address).location)


def test_nobody_pays_from_a_wallet_as_a_guest(market, stranger):
    address, page = to_page(stranger)

    assert pressed(stranger, address, page, pay_with="wallet").status_code == 409
    assert groups(market) == []


def test_the_page_of_a_new_order_asks_few_questions(market, stranger, network):
    """Who asks, the order, its money, what was sent back, and the card that paid."""
    stranger.get("/en/goods/")  # what a process remembers of shelves
    address, page = to_page(stranger)
    network.pay(pressed(stranger, address, page).location)
    order = stranger.get(f"{address}/paid").location

    with counting_queries() as asked:
        shown = stranger.get(order)
    with counting_queries() as again:
        stranger.get(order)

    assert MAIL in soup(shown).select_one("[aria-labelledby=thanks]").text
    assert (len(asked), len(again)) == (5, 4), asked.statements
