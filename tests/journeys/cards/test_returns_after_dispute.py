"""A return of what a lost card dispute has paid back already, wholly or in part."""

from __future__ import annotations

import pytest
from bs4 import BeautifulSoup
from paying_by_card import BY_CARD, begun, complete, decided, disputed, page_of

from banking import api as bank
from kernel import clock as house_clock
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.jobs import drain
from kernel.money import Money, total
from kernel.web.letters import render_letter
from marketplace.aftersales.returns import outcomes, service
from marketplace.aftersales.returns.rules import Reason
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from tests.asking import says
from tests.banking.bank_objects import verified
from tests.journeys.shopping import by_country, to_review

pytestmark = pytest.mark.journey

LESS = (
    "Your card's bank already returned %(taken)s of this parcel to your card after the dispute. "
    "Nothing is refunded twice, so you get %(given)s instead of %(due)s."
)
NOTHING = (
    "Your card's bank already returned %(taken)s of this parcel to your card after the dispute. "
    "Nothing is refunded twice, so there's nothing left to refund."
)
NOT_AGAIN = (
    "Your card's bank already returned %(taken)s of this parcel to your card after the dispute. "
    "Nothing is refunded twice: that part isn't refunded again."
)
VENDOR = "owner@qinglan.example.com"
SELLER = "The cardholder's bank already took %(taken)s of this order back."


@pytest.fixture
def returned(market, buyer, network):
    """Return how to have a delivered order disputed for a share of its price, and sent back."""
    payment_id = begun(to_review(market, buyer, cover_level=None), buyer, BY_CARD)
    network.pay(page_of(payment_id))
    bank.settle_purchase(payment_id=payment_id)
    group = complete(payment_id)
    drain()
    with reading():
        bought = orders.own_group(buyer, group).orders
    for order in bought:
        order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
        order_service.note_delivered(
            parcel_ref=order.parcel_ref, at=house_clock.now(), actor=SYSTEM
        )
    drain()

    def lost(share):
        whole = total([one.total for one in bought], "EUR")
        decided(
            network,
            disputed(buyer, group, network, amount=whole.minor * share // 100),
            is_won=False,
        )
        return by_country(group)["CN"]

    return lost


def preview_of(order, buyer):
    with reading():
        return outcomes.preview_for(buyer, order.ref, reason=Reason.CHANGED_MIND)


def sent_back(order, buyer, signed_in):
    """Send everything of an order back and have its seller receive it."""
    ref = service.withdraw(order_ref=order.ref, actor=buyer)
    service.note_sent(ref=ref, carrier="DHL", tracking_number="1Z", actor=buyer)
    seller = signed_in(VENDOR)
    before = given_back(order)
    service.receive(ref=ref, restock=False, actor=seller)
    drain()
    return ref, given_back(order) - before, seller


def given_back(order):
    with reading():
        moves = bank.moves_of(order_refs=[order.ref])[order.ref]
    return total([move.amount for move in moves if move.kind == "refunded"], "EUR")


def main_of(browser, address):
    return BeautifulSoup(browser.get(address).text, "html.parser").select_one("main")


def letter(template, recipient):
    with reading():
        got = mail.mailbox(recipient=recipient)
    sent = [one for one in got if one.template.endswith(f"/{template}.txt")]
    return render_letter(sent[0].template, "en", sent[0].data).text if sent else None


def test_a_return_says_what_the_bank_gave_back_and_brings_the_rest(
    buyer, returned, browse, signed_in
):
    order, browser = returned(60), browse(buyer)
    preview = preview_of(order, buyer)
    asking = main_of(browser, f"/en/orders/parcels/{order.ref}/withdraw")

    ref, came, seller = sent_back(order, buyer, signed_in)

    shortened = preview.shortened
    assert came == shortened.given == preview.brings
    assert shortened.taken + came == order.total
    page = main_of(browser, f"/en/returns/{ref}")
    for one in (asking, page):
        assert says(one, LESS)
        assert says(one, "Already returned by the card's bank")
    assert says(page, "We refunded you %(total)s.")
    assert str(came.amount) in page.h1.text
    assert says(letter("order_refunded", buyer.email), NOT_AGAIN)
    assert says(main_of(browse(seller), f"/en/desk/returns/{ref}"), SELLER)
    assert verified().balanced


def test_a_return_of_what_the_bank_gave_back_wholly_says_so_once(
    buyer, returned, browse, signed_in
):
    order, browser = returned(100), browse(buyer)

    ref, came, _ = sent_back(order, buyer, signed_in)

    assert came == Money.zero("EUR")
    page = main_of(browser, f"/en/returns/{ref}")
    assert says(page, "Your card's bank has already paid you back.")
    assert says(page, NOTHING)
    assert says(letter("return_moved", buyer.email), NOTHING)
    assert letter("order_refunded", buyer.email) is None
    assert verified().balanced
