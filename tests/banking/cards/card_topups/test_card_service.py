"""Money from cards against the real stand-in network: whatever it does, one charge, one credit."""

from __future__ import annotations

from decimal import Decimal

import pytest
import requests
from sqlalchemy import text

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.authorisation.late_credits.events import LateCreditChanged
from banking.cards.card_topups import queries, service
from banking.cards.card_topups.errors import NoCardLimits, PaymentUnknown
from banking.cards.card_topups.events import PaymentCaptured, PaymentQuestioned
from banking.cards.card_topups.rules import NetworkState, PaymentState, Said
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
from tests.banking.cards.card_topups.topping_up import BACK, house, open_page, posted, start, stored


def test_two_presses_at_once_begin_one_payment(own_database, outcomes):
    service.load_limits(actor=SYSTEM)
    owner, key = new_id(), new_id()
    wallet = bank.open_wallet(owner_id=owner, owner_kind="person", currency="EUR", actor=SYSTEM)
    found = outcomes(8, lambda _: start(wallet, key=key))
    assert {one.ref for one in found} == {found[0].ref}


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

    assert says(asked, "Your bank asks: approve %(amount)s to %(who)s?")
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
