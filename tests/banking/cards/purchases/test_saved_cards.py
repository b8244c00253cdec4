"""Saved cards against the real stand-in network: charged once by token, approved, refused, lost."""

from __future__ import annotations

from datetime import timedelta

import pytest
import requests
from purchasing import APPROVES, BACK, GOOD, in_clearing, of_kind, seen, work

from banking import api as bank
from banking.cards.card_topups import jobs as payment_jobs
from banking.cards.card_topups import service as payments
from banking.cards.card_topups.errors import CardNetworkDown
from banking.cards.card_topups.standin.faults import Fault
from banking.cards.saved_cards import jobs, queries, service
from banking.cards.saved_cards.errors import SavedCardUnknown
from banking.cards.saved_cards.events import SavedCardRemoved
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from tests.asking import says
from tests.banking.bank_objects import eur, make_customer

DECLINES = "4000000000000341"


def begin(owner, amount="50.00", *, saved_card=None, saves_card=False):
    payments.load_limits(actor=SYSTEM)
    return bank.start_purchase(
        key=new_id(),
        amount=eur(amount),
        subject="C-1",
        email="known@example.com",
        owner_id=owner,
        actor=SYSTEM,
        saved_card=saved_card,
        saves_card=saves_card,
    )


def go_on(purchase):
    """Return where the payer is led; a saved card is charged by this."""
    return bank.purchase_page(payment_id=purchase.id, title="Entrepôt", back_to=BACK, actor=SYSTEM)


def kept(network, owner, *, number=GOOD):
    """Let somebody pay once and keep the card; return it."""
    purchase = begin(owner, saves_card=True)
    page = go_on(purchase)
    network.pay(page, number=number)
    if number == APPROVES:
        answer(page, "yes")
    bank.settle_purchase(payment_id=purchase.id)
    for _ in range(2):
        service.keep_card(payment_id=purchase.id)
    return cards(owner)[0]


def answer(page, word):
    return requests.post(
        f"{page}/approve", data={"answer": word}, allow_redirects=False, timeout=10
    )


def cards(owner):
    with reading():
        return queries.saved_cards_of(owner_id=owner)


def test_a_card_is_kept_once_and_only_where_its_holder_ticked_that(db, network):
    owner = make_customer()
    unticked = begin(owner)
    network.pay(go_on(unticked))
    bank.settle_purchase(payment_id=unticked.id)
    service.keep_card(payment_id=unticked.id)
    none = cards(owner)

    first = kept(network, owner)
    kept(network, owner)

    assert none == []
    assert [(one.last4, one.expires, one.brand) for one in cards(owner)] == [
        ("4242", "08/39", "visa")
    ]
    assert cards(owner)[0].id == first.id


def test_a_guest_keeps_no_card(db, network):
    purchase = begin(None, saves_card=True)

    assert not purchase.payment.saves_card


def test_a_saved_card_pays_without_a_page_and_once(db, network, outbox, sound):
    owner = make_customer()
    card = kept(network, owner)
    before = len(network.charges())
    purchase = begin(owner, "30.00", saved_card=card.id)

    ways = [go_on(purchase) for _ in range(3)]
    work(outbox)

    assert ways == [BACK] * 3
    assert seen(purchase).is_free
    assert in_clearing(purchase) == eur("30.00")
    assert len(network.charges()) == before + 1
    told = [e for e in of_kind(outbox, bank.PurchaseCaptured) if e.payment_id == purchase.id]
    assert len(told) == 1
    bank.give_up_purchase(payment_id=purchase.id, actor=SYSTEM)
    work(outbox)
    assert in_clearing(purchase) == eur("0")
    assert [one["amount"] for one in network.network.records.refunds.values()] == [3000]
    sound()


@pytest.mark.parametrize(("word", "is_paid"), [("yes", True), ("no", False)])
def test_a_bank_that_asks_for_a_second_step_is_asked_on_the_networks_page(
    db, network, outbox, sound, word, is_paid
):
    owner = make_customer()
    card = kept(network, owner, number=APPROVES)
    purchase = begin(owner, "30.00", saved_card=card.id)

    step = go_on(purchase)
    between = bank.settle_purchase(payment_id=purchase.id)
    led_back = answer(step, word)
    ended = bank.settle_purchase(payment_id=purchase.id)

    assert step.startswith(network.network.address)
    assert (between.is_paid, ended.is_paid) == (False, is_paid)
    assert (led_back.status_code, led_back.headers["Location"]) == (303, BACK)
    assert (len(of_kind(outbox, bank.PurchaseFailed)) == 1) is not is_paid
    sound()


def test_an_approval_after_the_page_was_left_is_heard_of_by_webhook(
    db, network, deliver, outbox, sound
):
    owner = make_customer()
    card = kept(network, owner, number=APPROVES)
    purchase = begin(owner, "30.00", saved_card=card.id)
    step = go_on(purchase)
    network.settle()
    network.caught.letters.clear()

    answer(step, "yes")
    for body, signature in network.caught.wait_for(1) * 2:
        assert deliver(body, signature) == 200
    work(outbox)

    assert seen(purchase).is_free
    sound()


def test_a_saved_card_that_is_declined_charges_nothing(db, network, outbox, sound):
    owner = make_customer()
    card = kept(network, owner)
    decline(network, card)
    purchase = begin(owner, "30.00", saved_card=card.id)

    assert go_on(purchase) == BACK

    assert not bank.settle_purchase(payment_id=purchase.id).is_paid
    assert len(of_kind(outbox, bank.PurchaseFailed)) == 1
    sound()


def decline(network, card):
    """Let the card's bank refuse it from here on."""
    from localstripe.resources import store

    method = store[f"payment_method:{card.token.method_ref}"]
    method._card_number = DECLINES


def test_an_answer_that_is_lost_after_the_charge_is_found_and_charged_once(
    db, network, clock, outbox, sound
):
    clock("2026-11-02T09:00")
    owner = make_customer()
    card = kept(network, owner)
    before = len(network.charges())
    purchase = begin(owner, "30.00", saved_card=card.id)
    network.fault(Fault.LOSE_API_ANSWER, 3)
    with pytest.raises(CardNetworkDown):
        go_on(purchase)
    network.network.faults.clear()

    house_clock.freeze(house_clock.now() + timedelta(minutes=3))
    payment_jobs.recover_payments()

    assert seen(purchase).is_free
    assert len(network.charges()) == before + 1
    sound()


def test_a_charge_that_the_network_never_heard_of_is_over_after_a_while(
    db, network, clock, outbox, sound
):
    clock("2026-11-02T09:00")
    owner = make_customer()
    card = kept(network, owner)
    before = len(network.charges())
    purchase = begin(owner, "30.00", saved_card=card.id)
    network.fault(Fault.REFUSE_API, 9)
    with pytest.raises(CardNetworkDown):
        go_on(purchase)
    network.network.faults.clear()
    early = bank.settle_purchase(payment_id=purchase.id)

    house_clock.freeze(house_clock.now() + timedelta(minutes=16))
    payment_jobs.recover_payments()

    assert early.payment.state is bank.PaymentState.PROCESSING
    assert seen(purchase).payment.state is bank.PaymentState.EXPIRED
    assert len(network.charges()) == before
    sound()


def test_nobody_pays_with_the_card_of_another(db, network):
    card = kept(network, make_customer())

    for owner in (make_customer(), None):
        with pytest.raises(SavedCardUnknown):
            begin(owner, saved_card=card.id)


def test_a_card_that_is_removed_pays_no_more_and_the_network_forgets_it(
    db, network, outbox, as_, make_person
):
    person = make_person()
    make_customer(owner_id=person.person_id)
    card = kept(network, person.person_id)
    browser, other = as_(person), as_(make_person())
    form = {"csrf_token": "test-token"}

    assert says(browser.get("/en/bank/cards/"), "Saved cards")
    assert "4242" in browser.get("/en/bank/cards/").text
    assert other.post(f"/en/bank/cards/{card.id}/remove", data=form).status_code == 404
    for _ in range(2):
        assert browser.post(f"/en/bank/cards/{card.id}/remove", data=form).status_code == 303
    for event in of_kind(outbox, SavedCardRemoved):
        jobs.forget_removed(event)

    assert cards(person.person_id) == []
    assert "4242" not in browser.get("/en/bank/cards/").text
    assert len(of_kind(outbox, SavedCardRemoved)) == 1
    with pytest.raises(SavedCardUnknown):
        begin(person.person_id, saved_card=card.id)
