"""Money from cards against the real stand-in network: whatever it does, one charge, one credit."""

from __future__ import annotations

import json
import time
from datetime import timedelta
from decimal import Decimal

import pytest
import requests
from sqlalchemy import text

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.authorisation.late_credits.events import LateCreditChanged
from banking.cards.card_topups import jobs, queries, service
from banking.cards.card_topups.errors import CardNetworkDown, NoCardLimits, PaymentUnknown
from banking.cards.card_topups.events import PaymentCaptured, PaymentQuestioned, PaymentReported
from banking.cards.card_topups.rules import NetworkState, PaymentState, Said
from banking.cards.card_topups.standin.courier import sign
from banking.cards.card_topups.standin.faults import Fault
from banking.core.fx import service as fx
from banking.core.fx.gateway import Published
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import says

SECRET = "whsec_entrepot_demo"
BACK = "http://127.0.0.1:8000/en/bank/top-ups/1"


@pytest.fixture
def wallet(db):
    """An empty wallet in euro, and the limits of cards."""
    service.load_limits(actor=SYSTEM)
    return bank.open_wallet(owner_id=new_id(), owner_kind="person", currency="EUR", actor=SYSTEM)


def start(wallet, amount="50.00", key=None):
    return bank.start_top_up(
        wallet_id=wallet.id,
        amount=Money.of(amount, wallet.currency),
        key=key or new_id(),
        actor=SYSTEM,
    )


def test_two_presses_at_once_begin_one_payment(own_database, outcomes):
    service.load_limits(actor=SYSTEM)
    owner, key = new_id(), new_id()
    wallet = bank.open_wallet(owner_id=owner, owner_kind="person", currency="EUR", actor=SYSTEM)
    found = outcomes(8, lambda _: start(wallet, key=key))
    assert {one.ref for one in found} == {found[0].ref}


def open_page(payment):
    return service.card_page(
        payment_id=payment.id, owner_id=payment.owner_id, title="Top-up", back_to=BACK, actor=SYSTEM
    )


def posted(wallet):
    with reading():
        return bank.wallet(wallet_id=wallet.id).posted


def house(kind):
    with reading():
        return ledger_queries.balance(account=ledger.AccountRef.house(kind, "EUR")).posted


def stored(outbox, kind):
    return [event for event in outbox() if isinstance(event, kind)]


def settle_reported(outbox):
    """Run the handler for every report that was published, as the worker does."""
    for event in stored(outbox, PaymentReported):
        jobs.settle_reported(event)


def events_of(db):
    return db.execute(text("SELECT count(*) FROM banking.provider_events")).scalar_one()


def letter(payment, *, kind="payment_intent.succeeded", event_id="evt_1"):
    return json.dumps(
        {
            "id": event_id,
            "object": "event",
            "type": kind,
            "data": {"object": {"metadata": {"payment_id": str(payment.id)}}},
        }
    ).encode()


def test_a_card_pays_into_the_wallet_and_the_fee_is_ours(wallet, network, outbox, sound):
    payment = start(wallet)

    answer = network.pay(open_page(payment))
    found = service.settle(payment_id=payment.id)

    assert (answer.status_code, answer.headers["Location"]) == (303, BACK)
    assert (found.state, found.fee) == (PaymentState.CAPTURED, Money.of("1.00", "EUR"))
    assert posted(wallet) == Money.of("50.00", "EUR")
    assert house("card_receivable") == Money.of("-49.00", "EUR")
    assert house("card_fees") == Money.of("-1.00", "EUR")
    captured = stored(outbox, PaymentCaptured)
    assert [(e.payment_id, e.wallet_id, e.owner_id, e.amount) for e in captured] == [
        (payment.id, wallet.id, wallet.owner_id, Money.of("50.00", "EUR"))
    ]
    sound()


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
    assert len(stored(outbox, PaymentReported)) == 2
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

    assert len(stored(outbox, PaymentReported)) == 2
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


def test_what_a_card_pays_after_its_owner_closed_the_wallet_waits_beside_it(wallet, outbox, sound):
    payment, amount = start(wallet), Money.of("50.00", "EUR")
    over = NetworkState(said=Said.EXPIRED, payment_ref="", amount=amount, fee=None)
    service.record_state(payment_id=payment.id, heard=over, actor=SYSTEM)
    wallets.close(wallet_id=wallet.id, actor=SYSTEM)

    paid = NetworkState(said=Said.PAID, payment_ref="pi_1", amount=amount, fee=None)
    for _ in range(2):
        service.record_state(payment_id=payment.id, heard=paid, actor=SYSTEM)

    with reading():
        beside = ledger.AccountRef("late_credit", wallet.account.key, "EUR")
        assert ledger_queries.balance(account=beside).posted == amount
    assert len(stored(outbox, LateCreditChanged)) == 1
    sound()


def test_a_declined_card_charges_nothing_and_another_may_pay(wallet, network, outbox):
    payment = start(wallet)
    url = open_page(payment)

    declined = network.pay(url, number="4000 0000 0000 0341")
    after = service.settle(payment_id=payment.id)
    network.pay(url)

    assert declined.status_code == 402
    assert after.state is PaymentState.OPEN
    assert posted(wallet) == Money.zero("EUR")
    assert service.settle(payment_id=payment.id).state is PaymentState.CAPTURED
    assert len(network.charges()) == 1


@pytest.mark.parametrize(("answer", "state"), [("yes", "captured"), ("no", "open")])
def test_the_cardholders_bank_may_want_an_approval(wallet, network, answer, state):
    payment = start(wallet)
    url = open_page(payment)

    asked = network.pay(url, number="4000 0025 0000 3155")
    before = service.settle(payment_id=payment.id).state
    requests.post(f"{url}/approve", data={"answer": answer}, allow_redirects=False, timeout=10)

    assert says(asked, "do you approve")
    assert before is PaymentState.OPEN
    assert service.settle(payment_id=payment.id).state == state
    assert len(network.charges()) == (1 if answer == "yes" else 0)


@pytest.mark.parametrize(
    "form",
    [
        {"number": "4242 4242 4242 4241", "expiry": "08/39", "cvc": "123"},
        {"number": "4242", "expiry": "08/39", "cvc": "123"},
        {"number": "4242 4242 4242 4242", "expiry": "08/20", "cvc": "123"},
        {"number": "4242 4242 4242 4242", "expiry": "13/39", "cvc": "123"},
        {"number": "4242 4242 4242 4242", "expiry": "08/39", "cvc": "12"},
        {},
    ],
)
def test_the_card_page_asks_again_for_what_is_no_card(wallet, network, form):
    url = open_page(start(wallet))

    answer = requests.post(url, data=form, allow_redirects=False, timeout=10)

    assert answer.status_code == 422
    assert 'role="alert"' in answer.text
    assert network.charges() == []


def test_the_card_page_takes_digits_of_other_scripts(wallet, network):
    url = open_page(start(wallet))
    form = {"number": "٤٢٤٢-٤٢٤٢-٤٢٤٢-٤٢٤٢", "expiry": "٠٨/٣٩", "cvc": "١٢٣"}

    answer = requests.post(url, data=form, allow_redirects=False, timeout=10)

    assert answer.status_code == 303


def test_a_key_finds_its_top_up_and_refuses_another(wallet, db):
    key = new_id()
    first = start(wallet, key=key)

    assert start(wallet, key=key) == first
    with pytest.raises(bank.IdempotencyMismatch):
        start(wallet, "51.00", key=key)


def test_another_amount_than_asked_credits_nobody(wallet, network, outbox):
    payment = start(wallet)
    open_page(payment)
    heard = NetworkState(
        said=Said.PAID, payment_ref="pi_x", amount=Money.of("49.00", "EUR"), fee=None
    )

    found = service.record_state(payment_id=payment.id, heard=heard, actor=SYSTEM)

    assert found.state is PaymentState.IN_QUESTION
    assert posted(wallet) == Money.zero("EUR")
    questions = stored(outbox, PaymentQuestioned)
    assert [(q.asked, q.taken) for q in questions] == [
        (Money.of("50.00", "EUR"), Money.of("49.00", "EUR"))
    ]


def test_cards_are_not_taken_where_there_is_no_rate_for_the_limits(wallet, clock):
    clock("2026-11-02T09:00")
    dinars = bank.open_wallet(owner_id=new_id(), owner_kind="person", currency="KWD", actor=SYSTEM)

    with pytest.raises(NoCardLimits):
        start(dinars, "20.000")


def test_yen_are_charged_in_yen(wallet, network, db, clock):
    clock("2026-11-02T09:00")
    db.execute(text("INSERT INTO banking.fx_sources VALUES ('ecb', 'ECB.', 7)"))
    rate = Published("JPY", house_clock.today(), Decimal("175.68"))
    fx.store_rates(rates=[rate], actor=SYSTEM)
    yen = bank.open_wallet(owner_id=new_id(), owner_kind="person", currency="JPY", actor=SYSTEM)
    payment = start(yen, "5000")

    network.pay(open_page(payment))
    service.settle(payment_id=payment.id)

    assert posted(yen) == Money(5000, "JPY")
    assert [charge["amount"] for charge in network.charges()] == [5000]


def test_other_peoples_payments_do_not_exist(wallet, network):
    payment = start(wallet)

    with reading(), pytest.raises(PaymentUnknown):
        queries.top_up(payment_id=payment.id, owner_id=new_id())
