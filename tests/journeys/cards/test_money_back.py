"""Money back for what a card paid: to the card, or to the wallet that its buyer prefers."""

from __future__ import annotations

import re

import pytest
from bs4 import BeautifulSoup
from paying_by_card import BY_CARD, begun, complete, page_of

from banking import api as bank
from banking.cards.disputes import service as disputes
from kernel import mail
from kernel.db import reading
from kernel.jobs import drain
from kernel.money import Money
from kernel.web.letters import render_letter
from marketplace.buying.checkout.service import Kind, Means
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service
from tests.asking import says
from tests.journeys.shopping import by_country, to_review

pytestmark = pytest.mark.journey

CARD = "Visa •••• 4242"
TO_CARD = "%(refunded)s goes back to %(card)s. Your bank may take a few days to show it."
SHARE = Money.of("30", "EUR")


def soup(answer):
    return BeautifulSoup(answer.text, "html.parser")


def bought(network, view, buyer, means=BY_CARD):
    """Pay by card, alone or beside a wallet, and let all letters be written; return the group."""
    payment_id = begun(view, buyer, means)
    network.pay(page_of(payment_id))
    bank.settle_purchase(payment_id=payment_id)
    ref = complete(payment_id)
    drain()
    return ref


@pytest.fixture
def group(market, buyer, network):
    """An order of two parcels that a card paid."""
    return bought(network, to_review(market, buyer, cover_level=None), buyer)


def wallet(buyer):
    with reading():
        return bank.wallet_for(owner_id=buyer.person_id, currency="EUR").available


def told(template):
    """Return the newest letter of a kind, in English."""
    with reading():
        sent = next(m for m in mail.mailbox(limit=50) if m.template.endswith(f"/{template}.txt"))
    return render_letter(sent.template, "en", sent.data)


def without_marks(words):
    """Return words without the marks that keep a card's number in its direction."""
    return re.sub("[\\u2066-\\u2069]", "", words)


def press(browser, ref, **form):
    page = soup(browser.get(f"/en/orders/{ref}"))
    token = page.select_one("[name=csrf_token]")["value"]
    return browser.post(f"/en/orders/{ref}/refunds", data={"csrf_token": token} | form)


def first_order(buyer, ref):
    with reading():
        return orders.own_group(buyer, ref).orders[0]


def test_what_a_card_paid_goes_back_to_it_and_page_and_letter_say_so(market, buyer, group, browse):
    order, before = first_order(buyer, group), wallet(buyer)

    page = browse(buyer).get(f"/en/orders/{group}")
    service.cancel(order_ref=order.ref, actor=buyer)
    drain()

    assert says(page, "It goes back to %(card)s; your bank may take a few days.", card=CARD)
    assert wallet(buyer) == before
    letter = told("order_refunded")
    assert says(letter.text, "The order for parcel %(ref)s was cancelled.", ref=order.ref)
    assert says(without_marks(letter.text), TO_CARD, card=CARD)


def test_a_buyer_may_have_it_in_the_wallet_instead_and_change_back(market, buyer, group, browse):
    browser, before = browse(buyer), wallet(buyer)
    first, second = (one.ref for one in _orders(buyer, group))

    assert press(browser, group, to="wallet").status_code == 303
    page = browser.get(f"/en/orders/{group}")
    service.cancel(order_ref=first, actor=buyer)
    drain()
    back = wallet(buyer) - before
    letter = told("order_refunded")
    press(browser, group, to="paid")
    service.cancel(order_ref=second, actor=buyer)

    assert says(page, "It goes to your Entrepôt wallet.")
    assert says(page, "Refund the way I paid")
    assert back == _orders(buyer, group)[0].total
    assert says(letter.text, "%(refunded)s is back in your wallet.")
    assert wallet(buyer) - before == back


def _orders(buyer, ref):
    with reading():
        return orders.own_group(buyer, ref).orders


def test_who_paid_with_both_reads_of_both(market, buyer, network, with_money):
    with_money(buyer, "500 EUR")
    view = to_review(market, buyer, cover_level=None)
    ref = bought(network, view, buyer, Means(kind=Kind.BOTH, share=SHARE))
    placed = told("order_placed").text
    service.cancel(order_ref=first_order(buyer, ref).ref, actor=buyer)
    drain()

    assert says(placed, "Thank you. You paid %(total)s from your wallet and with %(card)s.")
    back = told("order_refunded")
    assert says(back.text, "%(refunded)s goes back to your wallet and %(card)s, as you paid.")


def test_cancelling_and_withdrawing_say_where_the_money_goes(buyer, group, browse):
    browser, order = browse(buyer), first_order(buyer, group)

    withdrawal = browser.get(f"/en/orders/parcels/{order.ref}/withdraw")
    asked = soup(browser.get(f"/en/orders/{group}")).select_one("#change .ask-body")

    sentence = "It goes back to %(card)s; your bank may take a few days."
    assert says(withdrawal, sentence, card=CARD)
    assert says(asked.get_text(), sentence, card=CARD)


def test_calling_it_off_stands_last_on_the_page_of_an_order(buyer, group, browse):
    page = soup(browse(buyer).get(f"/en/orders/{group}"))

    assert page.main.find_all("section")[-1]["id"] == "change"
    assert page.select_one("article form[action$='/cancel']") is None
    assert len(page.select("#change form[action$='/cancel']")) == 2


@pytest.mark.parametrize(
    ("is_won", "said"),
    [
        (True, "On %(day)s the bank decided that it stands."),
        (False, "On %(day)s the bank gave %(amount)s of this order back to the cardholder."),
    ],
)
def test_shop_and_operator_read_on_the_order_that_its_payment_is_disputed(
    buyer, group, network, browse, signed_in, is_won, said
):
    with reading():
        payment = bank.purchase(payment_id=orders.own_group(buyer, group).payment_id).payment
    order = by_country(group)["CN"]
    shop = browse(signed_in("owner@qinglan.example.com"))
    house = browse(signed_in("operator@example.com"))
    pages = [(shop, f"/en/desk/orders/{order.ref}"), (house, f"/en/orders/{group}")]
    before = [browser.get(address).text for browser, address in pages]

    on_hold = "%(amount)s of this order is on hold until the bank decides."
    dispute = network.dispute(payment)
    disputes.settle(dispute_ref=dispute)
    drain()
    opened = [browser.get(address).text for browser, address in pages]
    network.decide(dispute, is_won=is_won)
    for _ in range(2):
        disputes.settle(dispute_ref=dispute)
    drain()
    closed = [browser.get(address).text for browser, address in pages]

    assert not any(says(page, on_hold) for page in before)
    assert all(says(page, on_hold) for page in opened)
    assert all(says(page, said) for page in closed)
    links = [
        BeautifulSoup(page, "html.parser").select("a[href*='/bank/books/disputes/']")
        for page in opened
    ]
    assert not links[0]
    assert house.get(links[1][0]["href"]).status_code == 200
