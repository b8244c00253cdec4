"""Answers and reports that never come: asked for again at growing distances, credited once."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests
from sqlalchemy import text

from banking import api as bank
from banking.cards.card_topups import jobs, queries, service
from banking.cards.card_topups.errors import CardNetworkDown
from banking.cards.card_topups.events import PaymentCaptured
from banking.cards.card_topups.rules import NetworkState, PaymentState, Said
from banking.cards.card_topups.standin.faults import Fault
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.banking.cards.card_topups.topping_up import house, open_page, posted, start, stored


def test_an_answer_lost_after_the_charge_charges_once_and_credits_once(
    wallet, network, outbox, clock, sound
):
    clock("2026-11-02T09:00")
    network.fault(Fault.LOSE_PAGE_ANSWER)
    network.fault(Fault.DROP, 2)
    payment = start(wallet)
    url = open_page(payment)

    with pytest.raises(requests.ConnectionError):
        network.pay(url)
    again = network.pay(url)
    house_clock.freeze(house_clock.now() + timedelta(minutes=2))
    jobs.recover_payments()
    jobs.recover_payments()

    assert again.status_code == 303
    assert len(network.charges()) == 1
    assert posted(wallet) == Money.of("50.00", "EUR")
    assert len(stored(outbox, PaymentCaptured)) == 1
    sound()


def test_an_answer_lost_after_the_page_was_opened_finds_the_same_page(wallet, network):
    network.fault(Fault.LOSE_API_ANSWER)
    payment = start(wallet)
    sessions = network.network.records.sessions
    before = set(sessions)

    url = open_page(payment)

    assert len(set(sessions) - before) == 1
    assert open_page(payment) == url


def test_answers_lost_for_good_open_no_second_page_later(wallet, network):
    network.fault(Fault.LOSE_API_ANSWER, 3)
    payment = start(wallet)
    sessions = network.network.records.sessions
    before = set(sessions)

    with pytest.raises(CardNetworkDown):
        open_page(payment)
    url = open_page(payment)

    opened = set(sessions) - before
    assert len(opened) == 1
    assert url.endswith(opened.pop())


def test_two_who_asked_at_once_credit_once(wallet, network, outbox, sound):
    payment = start(wallet)
    network.pay(open_page(payment))
    heard = NetworkState(
        said=Said.PAID, payment_ref="pi_x", amount=payment.amount, fee=Money.of("1.00", "EUR")
    )

    for _ in range(2):
        service.record_state(payment_id=payment.id, heard=heard, actor=SYSTEM)

    assert posted(wallet) == Money.of("50.00", "EUR")
    assert len(stored(outbox, PaymentCaptured)) == 1
    sound()


def test_eight_workers_at_once_credit_once(own_database, network, outcomes):
    """Real commits and row locks: the webhook's worker, the recovery and the customer's page."""
    service.load_limits(actor=SYSTEM)
    wallet = bank.open_wallet(owner_id=new_id(), owner_kind="person", currency="EUR", actor=SYSTEM)
    payment = start(wallet)
    network.pay(open_page(payment))

    found = outcomes(8, lambda _: service.settle(payment_id=payment.id).state)

    assert found == [PaymentState.CAPTURED] * 8
    assert posted(wallet) == Money.of("50.00", "EUR")
    assert house("card_receivable") == Money.of("-49.00", "EUR")
    with reading() as current:
        facts = current.execute(
            text("SELECT count(*) FROM kernel.outbox WHERE name = 'banking.payment.captured.v1'")
        )
        assert facts.scalar_one() == 1


def test_a_network_that_is_down_leaves_the_payment_as_it_was(wallet, network):
    network.fault(Fault.REFUSE_API, 3)
    payment = start(wallet)

    with pytest.raises(CardNetworkDown):
        open_page(payment)

    with reading():
        assert queries.top_up(payment_id=payment.id).state is PaymentState.STARTED
    assert open_page(payment).startswith(network.network.address)


def test_a_lost_webhook_is_made_good_by_asking_at_growing_distances(wallet, network, clock, outbox):
    clock("2026-11-02T09:00")
    network.fault(Fault.DROP, 9)
    payment = start(wallet)
    url = open_page(payment)

    house_clock.freeze(house_clock.now() + timedelta(minutes=1))
    with reading():
        assert queries.in_doubt() == []
    house_clock.freeze(house_clock.now() + timedelta(minutes=1))
    jobs.recover_payments()
    with reading():
        assert queries.in_doubt() == []
    network.pay(url)
    house_clock.freeze(house_clock.now() + timedelta(minutes=4))
    jobs.recover_payments()

    assert posted(wallet) == Money.of("50.00", "EUR")


def test_a_wallet_that_takes_nothing_in_holds_nobody_else_up(wallet, network, clock):
    clock("2026-11-02T09:00")
    network.fault(Fault.DROP, 9)
    other = bank.open_wallet(owner_id=new_id(), owner_kind="person", currency="EUR", actor=SYSTEM)
    for one in (wallet, other):
        network.pay(open_page(start(one)))
        house_clock.freeze(house_clock.now() + timedelta(seconds=1))
    bank.freeze(wallet_id=wallet.id, freeze=bank.Freeze.ALL, actor=SYSTEM)
    house_clock.freeze(house_clock.now() + timedelta(minutes=2))

    jobs.recover_payments()

    assert (posted(wallet), posted(other)) == (Money.zero("EUR"), Money.of("50.00", "EUR"))
    bank.freeze(wallet_id=wallet.id, freeze=bank.Freeze.NONE, actor=SYSTEM)
    jobs.recover_payments()
    assert posted(wallet) == Money.of("50.00", "EUR")


def test_of_many_in_doubt_those_come_first_that_nobody_asked_about_for_longest(wallet, clock, db):
    """Two hundred card pages that are open for hours do not hide the one that was just paid."""
    clock("2026-11-02T09:00")
    for _ in range(200):
        start(wallet)
    db.execute(
        text("UPDATE banking.card_payments SET state = 'open', asked = 9, asked_at = :at"),
        {"at": house_clock.now() + timedelta(minutes=59)},
    )
    house_clock.freeze(house_clock.now() + timedelta(minutes=30))
    fresh = start(wallet)
    db.execute(
        text("UPDATE banking.card_payments SET state = 'open' WHERE id = :id"), {"id": fresh.id}
    )
    house_clock.freeze(house_clock.now() + timedelta(minutes=30))

    with reading():
        assert queries.in_doubt() == [fresh.id]
