"""Money back to cards against the real stand-in network: out of the wallet once, or back in it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import requests
from sqlalchemy import text

from banking import api as bank
from banking.accounts.wallets import service as wallets
from banking.authorisation.approvals import service as approvals
from banking.authorisation.approvals.errors import ApprovalUsed
from banking.authorisation.late_credits.events import LateCreditChanged
from banking.cards.card_refunds import jobs, queries, rules, service
from banking.cards.card_refunds.errors import RefundMoreThanLeft, RefundTooLate
from banking.cards.card_refunds.events import RefundAsked, RefundReturned
from banking.cards.card_refunds.rules import RefundState, Word
from banking.cards.card_topups import client
from banking.cards.card_topups import service as payments
from banking.cards.card_topups.errors import CardNetworkDown
from banking.cards.card_topups.events import RefundReported
from banking.cards.card_topups.rules import NetworkState, Said
from banking.cards.card_topups.standin.faults import Fault
from banking.core.ledger import service as ledger
from banking.core.ledger.errors import IdempotencyMismatch, InsufficientFunds
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.config import settings
from kernel.db import counting_queries, reading
from kernel.ids import new_id
from tests.asking import says
from tests.banking.bank_objects import available, eur, house, posted
from tests.banking.paid_by_card import pay_by_card

GOOD, PENDING, COMES_BACK = "4242424242424242", "4000000000007726", "4000000000005126"


@pytest.fixture
def wallet(db):
    """An empty wallet in euro, and the limits of cards."""
    payments.load_limits(actor=SYSTEM)
    return bank.open_wallet(owner_id=new_id(), owner_kind="person", currency="EUR", actor=SYSTEM)


def ask(top_up, amount="20.00", key=None):
    return service.refund_to_card(
        payment_id=top_up.id, amount=eur(amount), key=key or new_id(), actor=SYSTEM
    )


def left_of(top_up):
    with reading():
        return payments.queries.top_up(payment_id=top_up.id).left


def of_kind(outbox, kind):
    return [event for event in outbox() if isinstance(event, kind)]


def work(outbox):
    """Run the handlers of everything published, as the worker does; twice is once."""
    for _ in range(2):
        for event in of_kind(outbox, RefundAsked):
            jobs.send_refund(event)
        for event in of_kind(outbox, RefundReported):
            jobs.ask_about_refund(event)


def state_of(refund):
    with reading():
        return queries.refund(refund_id=refund.id).state


def network_refunds(network):
    return list(network.network.records.refunds.values())


def test_part_of_a_top_up_goes_back_and_the_rest_can_follow(wallet, network, outbox, sound):
    top_up = pay_by_card(wallet, network, "50.00")

    refund = ask(top_up, "20.00")
    before = available(wallet)
    work(outbox)

    assert before == eur("30.00")
    assert state_of(refund) is RefundState.PAID
    assert [one["amount"] for one in network_refunds(network)] == [2000]
    assert posted(house("card_refunds_due")) == eur(0)
    assert posted(house("card_receivable")) == eur("-29.00")
    assert left_of(top_up) == eur("30.00")
    ask(top_up, "30.00")
    work(outbox)
    assert available(wallet) == eur(0)
    assert posted(house("card_receivable")) == eur("1.00")  # the network keeps its fee
    sound()


@pytest.mark.parametrize("amount", ["50.01", "60.00"])
def test_more_than_is_left_stays_in_the_wallet(wallet, network, outbox, amount):
    top_up = pay_by_card(wallet, network, "50.00")
    pay_by_card(wallet, network, "20.00")

    with pytest.raises(RefundMoreThanLeft) as refused:
        ask(top_up, amount)

    assert refused.value.data == {"left": eur("50.00")}
    assert available(wallet) == eur("70.00")
    assert of_kind(outbox, RefundAsked) == []


def test_money_that_was_spent_does_not_go_back(wallet, network, outbox):
    top_up = pay_by_card(wallet, network, "50.00")
    other = bank.open_wallet(owner_id=new_id(), owner_kind="person", currency="EUR", actor=SYSTEM)
    ledger.post(
        key=new_id(),
        kind="test",
        subject="test",
        actor=SYSTEM,
        legs=[ledger.Leg(wallet.account, -eur("40.00")), ledger.Leg(other.account, eur("40.00"))],
    )

    with pytest.raises(InsufficientFunds):
        ask(top_up, "20.00")

    assert left_of(top_up) == eur("50.00")
    assert of_kind(outbox, RefundAsked) == []


def test_after_half_a_year_the_card_takes_nothing_back(wallet, network, clock):
    clock("2026-11-02T09:00")
    top_up = pay_by_card(wallet, network, "50.00")
    house_clock.freeze(house_clock.now() + timedelta(days=180, seconds=1))

    with pytest.raises(RefundTooLate):
        ask(top_up)


def test_a_key_finds_its_refund_and_refuses_another_amount(wallet, network):
    top_up, key = pay_by_card(wallet, network, "50.00"), new_id()

    first = ask(top_up, "20.00", key)

    assert ask(top_up, "20.00", key) == first
    with pytest.raises(IdempotencyMismatch):
        ask(top_up, "21.00", key)
    assert available(wallet) == eur("30.00")


def test_eight_at_once_never_send_back_more_than_came(own_database, network, outcomes):
    payments.load_limits(actor=SYSTEM)
    wallet = bank.open_wallet(owner_id=new_id(), owner_kind="person", currency="EUR", actor=SYSTEM)
    top_up = pay_by_card(wallet, network, "50.00")
    pay_by_card(wallet, network, "100.00")

    found = outcomes(8, lambda _: ask(top_up, "20.00"))

    assert sum(isinstance(one, RefundMoreThanLeft) for one in found) == 6
    assert available(wallet) == eur("110.00")


def test_an_answer_lost_after_the_refund_sends_it_back_once(wallet, network, outbox, sound):
    top_up = pay_by_card(wallet, network, "50.00")
    refund = ask(top_up)
    network.fault(Fault.LOSE_API_ANSWER, 3)

    with pytest.raises(CardNetworkDown):
        service.send(refund_id=refund.id)
    between = state_of(refund)
    # After a day the network has forgotten the key, but not what it did.
    network.network.records.answers.clear()
    service.send(refund_id=refund.id)

    assert between is RefundState.ASKED
    assert state_of(refund) is RefundState.PAID
    assert len(network_refunds(network)) == 1
    assert posted(house("card_receivable")) == eur("-29.00")
    sound()


def test_a_key_that_no_longer_opens_leaves_money_that_may_be_gone_where_it_is(
    wallet, network, monkeypatch, sound
):
    top_up = pay_by_card(wallet, network, "50.00")
    refund = ask(top_up)
    network.fault(Fault.LOSE_API_ANSWER, 3)
    with pytest.raises(CardNetworkDown):
        service.send(refund_id=refund.id)

    with monkeypatch.context() as patch:
        patch.setattr(client, "settings", lambda: replace(settings(), stripe_key="revoked"))
        with pytest.raises(CardNetworkDown):
            service.send(refund_id=refund.id)
    between = (state_of(refund), available(wallet))
    service.send(refund_id=refund.id)

    assert between == (RefundState.ASKED, eur("30.00"))
    assert state_of(refund) is RefundState.PAID
    assert len(network_refunds(network)) == 1
    sound()


def test_a_refund_nobody_heard_of_is_asked_about_again(wallet, network, clock):
    clock("2026-11-02T09:00")
    top_up = pay_by_card(wallet, network, "50.00", number=PENDING)
    refund = ask(top_up)
    network.fault(Fault.DROP, 9)
    jobs.recover_refunds()
    assert state_of(refund) is RefundState.ASKED

    house_clock.freeze(house_clock.now() + timedelta(minutes=2))
    jobs.recover_refunds()
    sent = state_of(refund)
    network.rest()
    house_clock.freeze(house_clock.now() + timedelta(minutes=4))
    jobs.recover_refunds()

    assert sent is RefundState.SENT
    assert state_of(refund) is RefundState.PAID


def test_what_the_cards_bank_sends_back_late_is_in_the_wallet_again(
    wallet, network, deliver, outbox, sound
):
    top_up = pay_by_card(wallet, network, "50.00", number=COMES_BACK)
    refund = ask(top_up)
    work(outbox)
    network.rest()
    work(outbox)

    for body, signature in network.caught.wait_for(4) * 2:
        assert deliver(body, signature) == 200
    work(outbox)

    assert state_of(refund) is RefundState.FAILED
    assert available(wallet) == eur("50.00")
    assert posted(house("card_receivable")) == eur("-49.00")
    assert left_of(top_up) == eur("50.00")
    returned = of_kind(outbox, RefundReturned)
    assert [(e.owner_id, e.amount) for e in returned] == [(wallet.owner_id, eur("20.00"))]
    sound()


def test_what_comes_back_after_its_owner_closed_the_wallet_waits_beside_it(
    wallet, network, deliver, outbox, sound
):
    top_up = pay_by_card(wallet, network, "50.00", number=COMES_BACK)
    refund = ask(top_up, "50.00")
    sent = service.send(refund_id=refund.id)
    wallets.close(wallet_id=wallet.id, actor=SYSTEM)
    network.rest()
    work(outbox)
    for body, signature in network.caught.wait_for(4) * 2:
        assert deliver(body, signature) == 200

    work(outbox)

    assert (sent.state, state_of(refund)) == (RefundState.PAID, RefundState.FAILED)
    assert posted(ledger.AccountRef("late_credit", wallet.account.key, "EUR")) == eur("50.00")
    assert available(wallet) == eur(0)
    # One letter tells of it: that it waits, not that it is in the wallet.
    assert of_kind(outbox, RefundReturned) == []
    assert len(of_kind(outbox, LateCreditChanged)) == 1
    sound()


def test_the_page_says_that_what_came_back_after_the_closing_waits(
    network, make_person, as_, outbox
):
    payments.load_limits(actor=SYSTEM)
    person = make_person()
    wallet = bank.open_wallet(
        owner_id=person.person_id, owner_kind="person", currency="EUR", actor=SYSTEM
    )
    top_up = pay_by_card(wallet, network, "50.00")
    network.refund_behind_our_back(top_up, 4000)
    refund = ask(top_up, "50.00")
    wallets.close(wallet_id=wallet.id, actor=SYSTEM)

    work(outbox)
    seen = as_(person).get(f"/en/bank/to-card/refunds/{refund.ref}").text

    assert state_of(refund) is RefundState.REFUSED
    assert says(seen, "%(amount)s came back after you closed the wallet.", amount="50.00")
    assert "/en/bank/waiting/" in seen
    assert not says(seen, "The card network didn't accept %(amount)s")
    assert not says(seen, "The card's bank didn't accept %(amount)s")


def test_what_the_network_refuses_is_in_the_wallet_again(wallet, network, outbox, sound):
    top_up = pay_by_card(wallet, network, "50.00")
    network.refund_behind_our_back(top_up, 4000)
    refund = ask(top_up)

    work(outbox)

    assert state_of(refund) is RefundState.REFUSED
    assert available(wallet) == eur("50.00")
    assert posted(house("card_refunds_due")) == eur(0)
    sound()


@pytest.mark.parametrize("present", RefundState)
@pytest.mark.parametrize("word", Word)
def test_a_refund_ends_once_and_never_goes_back(present, word):
    after = rules.advance(present, word)

    order = [RefundState.WAITING, RefundState.ASKED, RefundState.SENT, RefundState.PAID]
    if present in rules.RETURNED:
        assert after is present
    elif after not in rules.RETURNED:
        assert order.index(after) >= order.index(present)
    if present is RefundState.PAID and word is not Word.FAILED:
        assert after is RefundState.PAID


def test_more_than_a_little_goes_back_to_the_card_only_with_approval(
    network, make_person, as_, outbox, db, sound
):
    payments.load_limits(actor=SYSTEM)
    approvals.load_reference_data(actor=SYSTEM)
    person = make_person()
    wallet = bank.open_wallet(
        owner_id=person.person_id, owner_kind="person", currency="EUR", actor=SYSTEM
    )
    top_up = pay_by_card(wallet, network, "50.00")
    form = {"csrf_token": "test-token", "amount": "30.01", "key": str(new_id())}
    browser = as_(person)

    asked = browser.post(f"/en/bank/to-card/{top_up.ref}", data=form)
    again = browser.post(f"/en/bank/to-card/{top_up.ref}", data=form)
    page = browser.get(asked.location).text

    assert again.location == asked.location
    assert says(page, "back to your card?")
    assert "30.01" in page
    assert (available(wallet), left_of(top_up)) == (eur("50.00"), eur("50.00"))
    assert of_kind(outbox, RefundAsked) == []
    with reading():
        (refund,) = db.execute(text("SELECT id, ref, approval_id FROM banking.card_refunds")).all()
    waiting = browser.get(f"/en/bank/to-card/refunds/{refund.ref}").text
    assert says(waiting, "will go back to the card once you approve it.")
    approvals.give(approval_id=refund.approval_id, method="totp", actor=person)
    work(outbox)
    assert state_of(refund) is RefundState.PAID
    assert (available(wallet), left_of(top_up)) == (eur("19.99"), eur("19.99"))
    with pytest.raises(ApprovalUsed):
        approvals.give(approval_id=refund.approval_id, method="totp", actor=person)
    sound()


def test_what_is_gone_when_the_customer_approves_does_not_go_to_the_card(network, make_person, db):
    payments.load_limits(actor=SYSTEM)
    approvals.load_reference_data(actor=SYSTEM)
    person = make_person()
    wallet = bank.open_wallet(
        owner_id=person.person_id, owner_kind="person", currency="EUR", actor=SYSTEM
    )
    top_up = pay_by_card(wallet, network, "50.00")
    first, second = (
        service.refund_to_card(payment_id=top_up.id, amount=eur("40"), key=new_id(), actor=person)
        for _ in range(2)
    )
    approvals.give(approval_id=first.asks, method="totp", actor=person)

    with pytest.raises(RefundMoreThanLeft):
        approvals.give(approval_id=second.asks, method="totp", actor=person)
    assert (available(wallet), state_of(second)) == (eur("10.00"), RefundState.WAITING)


def test_the_page_sends_back_what_is_typed_and_follows_it(network, make_person, as_, outbox, db):
    payments.load_limits(actor=SYSTEM)
    approvals.load_reference_data(actor=SYSTEM)
    person = make_person()
    wallet = bank.open_wallet(
        owner_id=person.person_id, owner_kind="person", currency="EUR", actor=SYSTEM
    )
    top_up = pay_by_card(wallet, network, "50.00")
    browser = as_(person)
    address = f"/en/bank/to-card/{top_up.ref}"

    choices, shown = browser.get("/en/bank/to-card/").text, browser.get(address).text
    form = {"csrf_token": "test-token", "amount": "20.00", "key": str(new_id())}
    sent = browser.post(address, data=form)
    again = browser.post(address, data=form)
    on_its_way = browser.get(sent.location).text
    work(outbox)

    assert top_up.ref in choices
    assert "50.00" in shown
    assert says(shown, "can go back to the card.")
    assert (sent.status_code, again.location) == (303, sent.location)
    assert says(on_its_way, "is on its way to the card.")
    assert says(browser.get(sent.location), "is with the card")
    assert (
        browser.post(address, data=form | {"amount": "40", "key": str(new_id())}).status_code == 409
    )
    count = db.execute(text("SELECT count(*) FROM banking.card_refunds")).scalar_one()
    assert count == 1


def test_card_payments_are_paged_by_key_and_cost_the_same(wallet, make_person, monkeypatch):
    monkeypatch.setattr(queries, "PAGE", 2)
    person = make_person()
    mine = bank.open_wallet(
        owner_id=person.person_id, owner_kind="person", currency="EUR", actor=SYSTEM
    )
    paid = [captured(mine) for _ in range(5)]
    captured(wallet)

    pages, costs, before = [], [], None
    for _ in range(3):
        with reading(), counting_queries() as count:
            page = queries.cards_page(person, account=None, before=before)
        pages.append([top_up.ref for top_up in page.top_ups])
        costs.append(len(count))
        before = page.before

    assert [ref for page in pages for ref in page] == [one.ref for one in reversed(paid)]
    assert [len(page) for page in pages] == [2, 2, 1]
    assert set(costs) == {4}
    assert before is None


def captured(wallet, amount="10.00"):
    """Let a card pay, as the network would tell it."""
    begun = bank.start_top_up(wallet_id=wallet.id, amount=eur(amount), key=new_id(), actor=SYSTEM)
    heard = NetworkState(
        said=Said.PAID, payment_ref=f"pi_{begun.id}", amount=eur(amount), fee=eur("0.40")
    )
    return payments.record_state(payment_id=begun.id, heard=heard, actor=SYSTEM)


def test_other_peoples_refunds_do_not_exist(network, make_person, as_, wallet):
    top_up = pay_by_card(wallet, network, "50.00")
    refund = ask(top_up)
    stranger = as_(make_person())

    assert stranger.get(f"/en/bank/to-card/{top_up.ref}").status_code == 404
    assert stranger.get(f"/en/bank/to-card/refunds/{refund.ref}").status_code == 404


def test_the_network_takes_no_more_back_than_it_charged(network, wallet):
    top_up = pay_by_card(wallet, network, "50.00")
    form = {"payment_intent": top_up.payment_ref, "amount": "5001"}

    answer = requests.post(
        f"{network.network.address}/v1/refunds",
        data=form,
        timeout=10,
        headers={"Authorization": "Bearer sk_test_entrepot"},
    )

    assert answer.json()["error"]["code"] == "charge_already_refunded"
