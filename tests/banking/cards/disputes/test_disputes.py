"""Disputes against the real stand-in network: taken once, given back exactly, the fee stays."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.cards.card_refunds import service as refunds
from banking.cards.card_refunds.errors import RefundMoreThanLeft
from banking.cards.card_topups import service as payments
from banking.cards.card_topups.events import DisputeReported
from banking.cards.card_topups.standin.back import LOSING, WINNING
from banking.cards.card_topups.standin.faults import Fault
from banking.cards.disputes import jobs, queries, rules, service
from banking.cards.disputes.errors import DisputedPaymentUnknown, EvidenceClosed
from banking.cards.disputes.events import DisputeClosed, DisputeOpened, EvidenceGiven
from banking.cards.disputes.rules import DisputeState
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from banking.core.ledger.rules import Freeze
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries, reading, transaction
from kernel.ids import new_id
from tests.asking import says
from tests.banking.bank_objects import available, eur, house, posted, transfer
from tests.banking.paid_by_card import pay_by_card

DISPUTED_CARD = "4000000000000259"


@pytest.fixture
def wallet(db):
    """An empty wallet in euro, and the limits of cards."""
    payments.load_limits(actor=SYSTEM)
    return open_wallet()


def open_wallet(owner_id=None):
    return bank.open_wallet(
        owner_id=owner_id or new_id(), owner_kind="person", currency="EUR", actor=SYSTEM
    )


def of_kind(outbox, kind):
    return [event for event in outbox() if isinstance(event, kind)]


def reserve():
    return (posted(house("chargeback")), posted(house("chargeback_reserve")))


def owed(found):
    with reading():
        account = ledger.AccountRef("customer_debt", found.ref, "EUR")
        return ledger_queries.balance(account=account).posted


def opened(wallet, network, *, spent="0.00", amount="50.00"):
    """Pay by card, spend some of it, and let the cardholder dispute the payment."""
    top_up = pay_by_card(wallet, network, amount)
    if eur(spent):
        transfer(wallet, open_wallet(), eur(spent))
    return top_up, network.dispute(top_up)


def test_a_dispute_won_returns_exactly_and_the_fee_stays(wallet, network, outbox, sound):
    _, ref = opened(wallet, network)
    before = posted(house("card_receivable"))

    taken = service.settle(dispute_ref=ref)
    meanwhile = (available(wallet), reserve(), posted(house("card_receivable")))
    network.decide(ref, is_won=True)
    for _ in range(2):
        found = service.settle(dispute_ref=ref)

    assert (taken.from_wallet, taken.owed, taken.fee) == (eur("50.00"), eur(0), eur("15.00"))
    assert meanwhile == (eur(0), (eur("-50.00"), eur("50.00")), before + eur("65.00"))
    assert (found.state, available(wallet)) == (DisputeState.WON, eur("50.00"))
    assert reserve() == (eur(0), eur(0))
    assert posted(house("card_receivable")) == before + eur("15.00")
    assert posted(house("card_dispute_fees")) == eur("-15.00")
    assert [(e.amount, e.is_won) for e in of_kind(outbox, DisputeClosed)] == [(eur("50.00"), True)]
    sound()


def test_a_dispute_won_after_the_wallet_was_closed_returns_beside_it(wallet, network, sound):
    _, ref = opened(wallet, network)
    service.settle(dispute_ref=ref)
    wallets.close(wallet_id=wallet.id, actor=SYSTEM)
    network.decide(ref, is_won=True)

    for _ in range(2):
        found = service.settle(dispute_ref=ref)

    assert found.state is DisputeState.WON
    beside = ledger.AccountRef("late_credit", wallet.account.key, "EUR")
    assert (posted(beside), reserve()) == (eur("50.00"), (eur(0), eur(0)))
    sound()


def test_a_dispute_lost_takes_the_money_for_good(wallet, network, outbox, sound):
    top_up, ref = opened(wallet, network)
    service.settle(dispute_ref=ref)
    network.decide(ref, is_won=False)

    found = service.settle(dispute_ref=ref)

    assert (found.state, available(wallet), reserve()) == (
        DisputeState.LOST,
        eur(0),
        (eur(0), eur(0)),
    )
    with reading():
        assert payments.queries.top_up(payment_id=top_up.id).left == eur(0)
    sound()


def test_what_was_spent_is_owed_and_no_wallet_falls_below_zero(wallet, network, outbox, sound):
    _, ref = opened(wallet, network, spent="35.00")

    found = service.settle(dispute_ref=ref)

    assert (found.from_wallet, found.owed) == (eur("15.00"), eur("35.00"))
    assert available(wallet) == eur(0)
    assert owed(found) == eur("-35.00")
    assert reserve() == (eur("-50.00"), eur("50.00"))
    sound()


def test_winning_cancels_the_debt_first_and_returns_the_rest(wallet, network, sound):
    _, ref = opened(wallet, network, spent="35.00")
    found = service.settle(dispute_ref=ref)
    pay_by_card(wallet, network, "20.00")
    collected = service.collect(dispute_id=found.id, actor=SYSTEM)
    network.decide(ref, is_won=True)

    found = service.settle(dispute_ref=ref)

    # 15 taken at once and 20 paid since come back; the 15 still owed are owed no more.
    assert collected == eur("20.00")
    assert (found.owed, owed(found), available(wallet)) == (eur(0), eur(0), eur("35.00"))
    assert reserve() == (eur(0), eur(0))
    sound()


def test_the_next_top_up_pays_what_is_owed_and_not_a_cent_more(wallet, network, outbox, sound):
    _, ref = opened(wallet, network, spent="35.00")
    found = service.settle(dispute_ref=ref)
    pay_by_card(wallet, network, "50.00")

    for _ in range(2):
        for event in of_kind(outbox, bank.PaymentCaptured):
            with transaction(name="test", actor=SYSTEM):
                jobs.collect_from_top_up(event)

    assert (owed(found), available(wallet)) == (eur(0), eur("15.00"))
    sound()


def test_a_frozen_wallet_is_not_touched(wallet, network, sound):
    top_up = pay_by_card(wallet, network, "50.00")
    bank.freeze(wallet_id=wallet.id, freeze=Freeze.DEBIT, actor=SYSTEM)

    found = service.settle(dispute_ref=network.dispute(top_up))

    assert (found.from_wallet, found.owed) == (eur(0), eur("50.00"))
    assert available(wallet) == eur("50.00")
    sound()


def test_money_that_is_held_stays_held(wallet, network, sound):
    top_up = pay_by_card(wallet, network, "50.00")
    wallets.hold(
        key=new_id(),
        wallet_id=wallet.id,
        amount=eur("30.00"),
        reason="test",
        subject="test",
        expires_at=house_clock.now() + timedelta(days=1),
        actor=SYSTEM,
    )

    found = service.settle(dispute_ref=network.dispute(top_up))

    assert (found.from_wallet, found.owed) == (eur("20.00"), eur("30.00"))
    sound()


@pytest.mark.parametrize("order", ["as sent", "reversed", "three times"])
def test_webhooks_of_a_dispute_in_any_order_and_number_end_the_same(
    wallet, network, deliver, outbox, sound, order
):
    top_up = pay_by_card(wallet, network, "50.00")
    network.settle()
    network.caught.letters.clear()
    ref = network.dispute(top_up)
    network.decide(ref, is_won=True)
    letters = network.caught.wait_for(4)
    kinds = {json.loads(body)["type"] for body, _ in letters}
    sent = {"as sent": letters, "reversed": letters[::-1], "three times": letters * 3}[order]

    for body, signature in sent:
        assert deliver(body, signature) == 200
        for event in of_kind(outbox, DisputeReported):
            jobs.settle_dispute(event)

    assert kinds == {
        "charge.dispute.created",
        "charge.dispute.funds_withdrawn",
        "charge.dispute.funds_reinstated",
        "charge.dispute.closed",
    }
    assert len(of_kind(outbox, DisputeReported)) == 4
    assert available(wallet) == eur("50.00")
    assert reserve() == (eur(0), eur(0))
    assert len(of_kind(outbox, DisputeOpened)) == len(of_kind(outbox, DisputeClosed)) == 1
    sound()


def test_a_dispute_before_its_charge_is_known_waits_for_it(wallet, network, outbox):
    begun = bank.start_top_up(wallet_id=wallet.id, amount=eur("50.00"), key=new_id(), actor=SYSTEM)
    page = payments.card_page(
        payment_id=begun.id,
        owner_id=wallet.owner_id,
        title="Top-up",
        back_to="http://127.0.0.1:8000/",
        actor=SYSTEM,
    )
    network.pay(page, number=DISPUTED_CARD)
    (ref,) = network.network.records.disputes

    with pytest.raises(DisputedPaymentUnknown):
        service.settle(dispute_ref=ref)
    payments.settle(payment_id=begun.id)

    assert service.settle(dispute_ref=ref).from_wallet == eur("50.00")


def test_eight_workers_at_once_take_once(own_database, network, outcomes):
    payments.load_limits(actor=SYSTEM)
    wallet = open_wallet()
    _, ref = opened(wallet, network, spent="10.00")

    found = outcomes(8, lambda _: service.settle(dispute_ref=ref).ref)

    assert len(set(found)) == 1
    assert available(wallet) == eur(0)
    assert reserve() == (eur("-50.00"), eur("50.00"))


def test_a_lost_webhook_is_made_good_by_asking(wallet, network, outbox):
    _, ref = opened(wallet, network)
    service.settle(dispute_ref=ref)
    network.fault(Fault.DROP, 9)
    network.decide(ref, is_won=True)

    jobs.recover_disputes()

    assert available(wallet) == eur("50.00")


def test_a_disputed_top_up_does_not_go_back_to_its_card_too(wallet, network):
    top_up, ref = opened(wallet, network)
    pay_by_card(wallet, network, "50.00")
    service.settle(dispute_ref=ref)

    with pytest.raises(RefundMoreThanLeft):
        refunds.refund_to_card(payment_id=top_up.id, amount=eur("1.00"), key=new_id(), actor=SYSTEM)


def test_an_answer_lost_after_the_evidence_sends_it_once(wallet, network, outbox):
    _, ref = opened(wallet, network)
    found = service.settle(dispute_ref=ref)
    service.give_evidence(dispute_id=found.id, words=WINNING, actor=SYSTEM)
    network.fault(Fault.LOSE_API_ANSWER)

    jobs.send_evidence(of_kind(outbox, EvidenceGiven)[0])

    with reading():
        assert queries.dispute(dispute_id=found.id).state is DisputeState.WON
    assert available(wallet) == eur("50.00")


def test_evidence_is_given_once_and_in_time(wallet, network, clock):
    clock("2026-11-02T09:00")
    _, ref = opened(wallet, network)
    found = service.settle(dispute_ref=ref)
    # The network's week is a week of business time, wherever that is.
    week = found.evidence_due_at - house_clock.now()
    assert timedelta(days=6, hours=23) < week <= timedelta(days=7)
    house_clock.freeze(found.evidence_due_at + timedelta(seconds=1))
    with pytest.raises(EvidenceClosed):
        service.give_evidence(dispute_id=found.id, words="too late", actor=SYSTEM)

    house_clock.freeze(found.evidence_due_at)
    service.give_evidence(dispute_id=found.id, words=LOSING, actor=SYSTEM)

    with pytest.raises(EvidenceClosed):
        service.give_evidence(dispute_id=found.id, words="more", actor=SYSTEM)


@pytest.mark.parametrize("present", DisputeState)
@pytest.mark.parametrize("said", DisputeState)
def test_a_dispute_only_moves_forward(present, said):
    after = rules.advance(present, said)

    order = list(DisputeState)
    assert order.index(after) >= order.index(present)
    if present in rules.CLOSED:
        assert after is present


def test_the_customer_reads_what_it_means_and_a_stranger_nothing(network, make_person, as_):
    payments.load_limits(actor=SYSTEM)
    person = make_person()
    _, ref = opened(open_wallet(person.person_id), network, spent="35.00")
    found = service.settle(dispute_ref=ref)
    address = f"/en/bank/disputes/{found.ref}"

    page = as_(person).get(address)

    assert says(page, "Your card payment of %(amount)s is disputed.")
    assert says(page, "You owe us")
    assert as_(make_person()).get(address).status_code == 404


def test_the_operator_answers_from_the_list_of_deadlines(wallet, network, make_person, as_, outbox):
    _, ref = opened(wallet, network)
    found = service.settle(dispute_ref=ref)
    browser = as_(make_person(roles=frozenset({Role.OPERATOR})))

    shown = browser.get("/en/bank/books/disputes").text
    empty = browser.post(
        f"/en/bank/books/disputes/{found.ref}", data={"csrf_token": "test-token", "words": " "}
    )
    sent = browser.post(
        f"/en/bank/books/disputes/{found.ref}",
        data={"csrf_token": "test-token", "words": WINNING},
    )

    assert says(shown, "%(number)s card dispute is waiting for evidence.", number=1)
    assert found.ref in shown
    assert (empty.status_code, sent.status_code) == (422, 303)
    assert len(of_kind(outbox, EvidenceGiven)) == 1


def test_decided_disputes_are_paged_by_key(wallet, network, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    for _ in range(5):
        _, ref = opened(wallet, network, amount="10.00")
        network.decide(ref, is_won=True)
        service.settle(dispute_ref=ref)

    pages, before = [], None
    for _ in range(3):
        with reading():
            found = queries.dispute_list(before=before)
        pages.append([one.ref for one in found.closed])
        before = found.before

    assert [len(page) for page in pages] == [2, 2, 1]
    assert len({ref for page in pages for ref in page}) == 5
    assert before is None


def test_the_list_of_disputes_asks_the_same_for_one_as_for_many(wallet, network):
    _, ref = opened(wallet, network)
    service.settle(dispute_ref=ref)
    with reading(), counting_queries() as one:
        queries.dispute_list(before=None)
    for _ in range(3):
        service.settle(dispute_ref=opened(wallet, network)[1])
    with reading(), counting_queries() as many:
        found = queries.dispute_list(before=None)

    assert len(found.waiting) == 4
    assert len(many) == len(one) == 2
