"""What the network reports of a payment: again, late, in any order, forged or about nobody."""

from __future__ import annotations

import json
import time

import pytest

from banking.cards.card_topups import service
from banking.cards.card_topups.events import PaymentCaptured, PaymentReported
from banking.cards.card_topups.standin.courier import sign
from banking.cards.card_topups.standin.faults import Fault
from kernel.money import Money
from tests.banking.cards.card_topups.topping_up import (
    SECRET,
    events_of,
    letter,
    open_page,
    posted,
    settle_reported,
    start,
    stored,
)


@pytest.mark.parametrize("times", [2, 5])
def test_a_webhook_that_comes_again_credits_once(
    wallet, network, deliver, outbox, db, sound, times
):
    payment = start(wallet)
    network.pay(open_page(payment))
    letters = network.caught.wait_for(2)

    statuses = [deliver(body, signature) for body, signature in letters * times]
    settle_reported(outbox)
    settle_reported(outbox)

    assert set(statuses) == {200}
    assert events_of(db) == 2
    assert len(stored(outbox, PaymentReported)) == 1, "the page and its intent say the same"
    assert len(stored(outbox, PaymentCaptured)) == 1
    assert posted(wallet) == Money.of("50.00", "EUR")
    sound()


def test_webhooks_that_come_three_days_late_credit_nothing_more(
    wallet, network, deliver, outbox, clock, sound
):
    clock("2026-11-02T09:00")
    network.fault(Fault.KEEP, 2)
    payment = start(wallet)
    network.pay(open_page(payment))
    service.settle(payment_id=payment.id)
    clock("2026-11-05T09:00")
    network.let_go()

    for body, signature in network.caught.wait_for(2):
        assert deliver(body, signature) == 200
    settle_reported(outbox)

    assert len(stored(outbox, PaymentReported)) == 1
    assert len(stored(outbox, PaymentCaptured)) == 1
    assert posted(wallet) == Money.of("50.00", "EUR")
    sound()


def test_a_first_word_three_days_late_still_credits_once(
    wallet, network, deliver, outbox, clock, sound
):
    clock("2026-11-02T09:00")
    network.fault(Fault.KEEP, 2)
    payment = start(wallet)
    network.pay(open_page(payment))
    clock("2026-11-05T09:00")
    network.let_go()

    for body, signature in network.caught.wait_for(2) * 5:
        assert deliver(body, signature) == 200
    settle_reported(outbox)

    assert len(stored(outbox, PaymentCaptured)) == 1
    assert posted(wallet) == Money.of("50.00", "EUR")
    sound()


def test_webhooks_in_reverse_order_end_in_the_networks_state(wallet, network, deliver, outbox):
    payment = start(wallet)
    url = open_page(payment)
    network.pay(url, number="4000000000000341")
    network.pay(url)
    letters = network.caught.wait_for(3)

    for body, signature in reversed(letters):
        assert deliver(body, signature) == 200
        settle_reported(outbox)

    kinds = {json.loads(body)["type"] for body, _ in letters}
    assert "payment_intent.payment_failed" in kinds
    assert posted(wallet) == Money.of("50.00", "EUR")
    assert len(stored(outbox, PaymentCaptured)) == 1


@pytest.mark.parametrize(
    "spoil",
    [
        lambda body, now: (body, sign(body, "whsec_of_somebody_else", at=now)),
        lambda body, now: (body, sign(body, SECRET, at=now - 360)),
        lambda body, now: (body.replace(b"succeeded", b"succeedeD"), sign(body, SECRET, at=now)),
        lambda body, now: (body + b" ", sign(body, SECRET, at=now)),
        lambda body, now: (body, ""),
        lambda body, now: (body, f"t={now}"),
        lambda body, now: (body, "v1=" + sign(body, SECRET, at=now).partition("v1=")[2]),
        lambda body, now: (b"not json", sign(b"not json", SECRET, at=now)),
        lambda body, now: (b"[]", sign(b"[]", SECRET, at=now)),
        lambda body, now: (b"\xff", sign(b"\xff", SECRET, at=now)),
    ],
    ids=[
        "secret",
        "six minutes",
        "byte",
        "space",
        "none",
        "no mark",
        "no time",
        "text",
        "list",
        "no text",
    ],
)
def test_a_webhook_that_is_not_the_networks_leaves_no_row(wallet, deliver, outbox, db, spoil):
    body, signature = spoil(letter(start(wallet)), int(time.time()))

    assert deliver(body, signature) == 400

    assert events_of(db) == 0
    assert stored(outbox, PaymentReported) == []


def test_a_fresh_signature_is_taken(wallet, deliver, outbox, db):
    body = letter(start(wallet))

    assert deliver(body, sign(body, SECRET, at=int(time.time()) - 290)) == 200
    assert events_of(db) == 1


def test_a_signed_lie_is_not_believed(wallet, network, deliver, outbox):
    """A webhook only says where to look; what counts is what the network answers."""
    payment = start(wallet)
    open_page(payment)
    body = letter(payment)

    assert deliver(body, sign(body, SECRET, at=int(time.time()))) == 200
    settle_reported(outbox)

    assert posted(wallet) == Money.zero("EUR")
    assert stored(outbox, PaymentCaptured) == []


def test_a_report_about_nobody_is_kept_and_does_no_harm(deliver, outbox, db):
    body = json.dumps(
        {"id": "evt_9", "type": "charge.updated", "data": {"object": {"metadata": {}}}}
    ).encode()

    assert deliver(body, sign(body, SECRET, at=int(time.time()))) == 200

    assert events_of(db) == 1
    assert stored(outbox, PaymentReported) == []


@pytest.mark.parametrize(("told_by", "asked"), [("page", 0), ("", 1), (7, 1), (["page"], 1)])
def test_only_what_the_page_tells_as_well_is_kept_without_a_question(
    wallet, network, deliver, outbox, db, told_by, asked
):
    about = {"metadata": {"payment_id": str(start(wallet).id), "told_by": told_by}}
    body = json.dumps(
        {"id": "evt_8", "type": "payment_intent.succeeded", "data": {"object": about}}
    ).encode()

    assert deliver(body, sign(body, SECRET, at=int(time.time()))) == 200

    assert events_of(db) == 1
    assert len(stored(outbox, PaymentReported)) == asked
