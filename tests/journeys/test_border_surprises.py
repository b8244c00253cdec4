"""Customs asks for another sum than was promised, or lets nothing in."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from bs4 import BeautifulSoup

from banking import api as bank
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from kernel import clock, mail
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from kernel.web.letters import render_letter
from marketplace.aftersales.tracking.queries import under_way
from marketplace.borders.customs import gateway as authority
from marketplace.buying.orders import queries as order_queries
from marketplace.buying.orders import service as order_service
from marketplace.buying.orders.rules import REFUSED_WORDS, STATE_WORDS, OrderState
from marketplace.logistics.shipping.cli import settle
from tests.asking import says
from tests.journeys.shopping import by_country, pay, to_review

pytestmark = pytest.mark.journey


@pytest.fixture
def teapot(market, noon, signed_in, with_money):
    buyer = signed_in("camille@example.com")
    with_money(buyer, "500 EUR")
    order = by_country(pay(to_review(market, buyer, cover_level=None), buyer))["CN"]
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    return buyer, order


def assess(order, *, assessed):
    promised = order.duty + order.tax + order.fees
    order_service.note_assessed(
        parcel_ref=order.parcel_ref, quoted=promised, assessed=assessed, actor=SYSTEM
    )


def test_what_customs_does_not_take_is_in_the_wallet_at_once(teapot, available):
    buyer, order = teapot
    before, promised = available(buyer, "EUR"), order.duty + order.tax + order.fees
    for _ in range(2):
        assess(order, assessed=promised - Money.of("4.00", "EUR"))
    assert available(buyer, "EUR") == before + Money.of("4.00", "EUR")


def test_what_customs_takes_on_top_is_the_house_s_loss_and_the_buyer_s_never(teapot, available):
    buyer, order = teapot
    before, promised = available(buyer, "EUR"), order.duty + order.tax + order.fees
    for _ in range(2):
        assess(order, assessed=promised + Money.of("7.10", "EUR"))
    assert available(buyer, "EUR") == before
    with reading():
        account = ledger.AccountRef.house(bank.AccountKind.DUTY_VARIANCE, "EUR")
        assert ledger_queries.balance(account=account).posted == -Money.of("7.10", "EUR")
        assert bank.verify_ledger().balanced


def complete(buyer, order):
    order_service.note_delivered(parcel_ref=order.parcel_ref, at=clock.now(), actor=SYSTEM)
    order_service.confirm_receipt(order_ref=order.ref, actor=buyer)


def owed(kind):
    with reading():
        return ledger_queries.balance(account=ledger.AccountRef.house(kind, "EUR")).posted


def test_a_surplus_told_after_the_order_is_settled_comes_out_of_what_the_authorities_are_owed(
    teapot, available, browse
):
    buyer, order = teapot
    complete(buyer, order)
    before = available(buyer, "EUR")
    duties, taxes = (owed(k) for k in (bank.AccountKind.DUTY_PAYABLE, bank.AccountKind.TAX_PAYABLE))
    promised = order.duty + order.tax + order.fees
    for _ in range(2):
        assess(order, assessed=promised - Money.of("4.00", "EUR"))
    assert available(buyer, "EUR") == before + Money.of("4.00", "EUR")
    left = owed(bank.AccountKind.DUTY_PAYABLE) + owed(bank.AccountKind.TAX_PAYABLE)
    assert left == duties + taxes - Money.of("4.00", "EUR")
    with reading():
        (journal,) = (
            m for m in bank.moves_of(order_refs=[order.ref])[order.ref] if m.kind == "refunded"
        )
        assert journal.amount == Money.of("4.00", "EUR")
        assert bank.escrow_of(order_ref=order.ref).state == "released"
        assert bank.verify_ledger().balanced
    page = browse(buyer).get(f"/en/orders/{order.group_ref}").get_data(as_text=True)
    assert re.search(r"Refunded:\W+(€|EUR)\W*4\.00", re.sub(r"<[^>]+>", "", page))


def test_all_of_the_border_money_can_come_back_after_the_order_is_settled(teapot, available):
    buyer, order = teapot
    complete(buyer, order)
    before, promised = available(buyer, "EUR"), order.duty + order.tax + order.fees
    assess(order, assessed=Money.zero("EUR"))
    assert available(buyer, "EUR") == before + promised
    assert not owed(bank.AccountKind.DUTY_PAYABLE)
    assert not owed(bank.AccountKind.TAX_PAYABLE)


def test_a_shortfall_told_after_the_order_is_settled_asks_the_buyer_for_nothing(teapot, available):
    buyer, order = teapot
    complete(buyer, order)
    before, promised = available(buyer, "EUR"), order.duty + order.tax + order.fees
    for _ in range(2):
        assess(order, assessed=promised + Money.of("7.10", "EUR"))
    assert available(buyer, "EUR") == before
    assert owed(bank.AccountKind.DUTY_VARIANCE) == -Money.of("7.10", "EUR")


def test_a_surplus_of_an_order_that_was_given_back_whole_is_not_given_twice(teapot, available):
    buyer, order = teapot
    order_service.note_returned(parcel_ref=order.parcel_ref, actor=SYSTEM)
    before = available(buyer, "EUR")
    assess(order, assessed=Money.zero("EUR"))
    assert available(buyer, "EUR") == before


def test_the_letter_about_a_surplus_says_that_customs_took_less(teapot):
    _, order = teapot
    promised = order.duty + order.tax + order.fees
    assess(order, assessed=promised - Money.of("4.00", "EUR"))
    settle()
    with reading():
        letters = [m for m in mail.mailbox(limit=50) if m.data.get("reason") == "duty_surplus"]
    (sent,) = letters
    said = render_letter(sent.template, "en", sent.data)
    assert says(said, "Customs charged less for parcel")


def refused_at_the_border(order):
    """Let customs refuse a parcel, and time pass until it knows and the carrier does not."""
    authority.misbehave(
        kind=authority.MischiefKind.REFUSE, parcel_ref=order.parcel_ref, actor=SYSTEM
    )
    settle()
    while not (found := by_country(order.group_ref)["CN"]).is_refused:
        assert found.state in {OrderState.DISPATCHED, OrderState.IN_TRANSIT, OrderState.CUSTOMS}
        clock.freeze(clock.now() + timedelta(hours=6))
        settle()
    return found


def test_an_order_refused_at_the_border_is_not_on_its_way_for_anybody(teapot, browse, signed_in):
    buyer, order = teapot
    vendor = signed_in("owner@qinglan.example.com")
    found = refused_at_the_border(order)

    assert found.state_words == REFUSED_WORDS
    with reading():
        assert under_way(buyer).order.ref != order.ref
        assert order_queries.vendor_counts(vendor, today=clock.today()).under_way == 0
    parcel = BeautifulSoup(
        browse(buyer).get(f"/en/orders/{order.group_ref}").get_data(as_text=True), "html.parser"
    ).find(id=order.ref)
    assert says(parcel, "It's going back to the seller, and you'll get your money back.")
    assert not says(parcel, "On its way")
    assert not says(parcel, "Nothing to pay at the door.")
    assert not says(parcel, "At your door")
    assert parcel.select_one(".hop .here") is None
    desk = browse(vendor)
    assert order.ref not in desk.get("/en/desk/orders?view=under-way").get_data(as_text=True)
    assert order.ref in desk.get("/en/desk/orders?view=all").get_data(as_text=True)


def test_a_refused_parcel_that_turned_round_is_paid_back_and_said_to_be(teapot, available):
    buyer, order = teapot
    before = available(buyer, "EUR")
    refused_at_the_border(order)
    while by_country(order.group_ref)["CN"].state is not OrderState.REFUNDED:
        clock.freeze(clock.now() + timedelta(hours=12))
        settle()

    found = by_country(order.group_ref)["CN"]
    assert found.state_words == STATE_WORDS[OrderState.REFUNDED]
    assert available(buyer, "EUR") == before + order.total
