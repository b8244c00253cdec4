"""Money that goes back after the vendor was paid is told on both sides of the order."""

from __future__ import annotations

import re

import pytest

from banking import api as bank
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from kernel import clock, mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from kernel.web.letters import render_letter
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.logistics.shipping.cli import settle
from tests.asking import says
from tests.journeys.shopping import by_country, pay, to_review

pytestmark = pytest.mark.journey


@pytest.fixture
def settled(market, noon, signed_in, with_money):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    order = by_country(pay(to_review(market, buyer, cover_level=None), buyer))["CN"]
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    order_service.note_delivered(parcel_ref=order.parcel_ref, at=clock.now(), actor=SYSTEM)
    order_service.confirm_receipt(order_ref=order.ref, actor=buyer)
    return buyer, order


def give_back(order, amount):
    with reading():
        kept = bank.escrow_of(order_ref=order.ref)
        seen = bank.refund_preview(order_ref=order.ref, amount=amount)
    bank.refund_after_release(
        key=new_id(),
        order_ref=order.ref,
        amount=amount,
        to_wallet_id=kept.payer_wallet_id,
        actor=SYSTEM,
        seen=seen.seal,
    )
    settle()
    return seen


def state_of(order):
    with reading():
        return orders.by_ref(order.ref).state


def words_of(page):
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page.get_data(as_text=True)))


def test_buyer_and_vendor_read_what_went_back_and_the_last_of_it_refunds_the_order(
    settled, browse, signed_in
):
    buyer, order = settled
    give_back(order, Money.of("10", "EUR"))
    assert state_of(order) == "completed"

    desk = words_of(
        browse(signed_in("owner@qinglan.example.com")).get(f"/en/desk/orders/{order.ref}")
    )
    shop = words_of(browse(buyer).get(f"/en/orders/{order.group_ref}"))
    assert re.search(r"10\.00\W+went back to the buyer\.", desk)
    assert re.search(r"Refunded:\W+10\.00", shop)

    give_back(order, order.total - Money.of("10", "EUR"))
    assert state_of(order) == "refunded"
    with reading():
        letters = [m for m in mail.mailbox(limit=50) if m.data.get("reason") == "paid_back"]
        assert bank.verify_ledger().balanced
    said = [render_letter(sent.template, "en", sent.data) for sent in letters]
    assert [says(letter, "We've refunded money for parcel") for letter in said] == [True, True]


def test_the_whole_commission_of_an_order_comes_back_with_all_of_its_money(settled):
    _, order = settled

    seen = give_back(order, order.total)

    assert seen.sources.commission == order.vendor_commission
    with reading():
        revenue = ledger.AccountRef.house(
            bank.AccountKind.COMMISSION_REVENUE, order.vendor_commission.currency
        )
        assert not ledger_queries.balance(account=revenue).posted
