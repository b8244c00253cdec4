"""Purchases by card against the real stand-in network: paid once, placed once, or given back."""

from __future__ import annotations

import threading
import time
from concurrent.futures import Future
from datetime import timedelta

import pytest
from purchasing import (
    APPROVES,
    COMES_BACK,
    DECLINED,
    in_clearing,
    of_kind,
    page_of,
    paid,
    seen,
    share,
    start,
    waiting_for,
    work,
)
from sqlalchemy import text

from banking import api as bank
from banking.cards.card_refunds.events import RefundAsked
from banking.cards.card_topups import jobs as payment_jobs
from banking.cards.card_topups.standin.faults import Fault
from banking.cards.purchases import jobs, waiting
from banking.cards.purchases.errors import CardTakesNoMore, PurchaseCreditOver
from banking.cards.purchases.rules import CreditState, Why
from banking.control.safeguarding import queries as safeguarding
from banking.control.safeguarding import service as scope
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Role
from kernel.db import reading, session, transaction
from kernel.errors import HouseError
from kernel.ids import new_id
from kernel.money import Money
from kernel.sealing import opened
from tests.asking import says
from tests.banking.bank_objects import available, eur, house, make_wallet, posted


def network_refunds(network):
    return [one["amount"] for one in network.network.records.refunds.values()]


def fund(purchase, *shares, key=None, dues=()):
    return bank.fund_escrow_together(
        key=key or new_id(),
        payers=[bank.Payer.card(purchase.id, purchase.amount)],
        shares=shares,
        dues=dues,
        subject="G-1",
        actor=SYSTEM,
    )


def test_a_charge_stands_in_clearing_until_orders_take_it(db, network, outbox, sound):
    purchase = paid(network)

    assert (purchase.is_free, in_clearing(purchase)) == (True, eur("50.00"))
    assert posted(house("card_receivable")) == eur("-49.00")
    assert posted(house("card_fees")) == eur("-1.00")
    told = of_kind(outbox, bank.PurchaseCaptured)
    assert [(e.payment_id, e.subject, e.amount) for e in told] == [
        (purchase.id, "C-1", eur("50.00"))
    ]
    assert of_kind(outbox, bank.PaymentCaptured) == []
    sound()


@pytest.mark.parametrize("fault", [Fault.DUPLICATE, Fault.REORDER, Fault.LOSE_PAGE_ANSWER])
def test_webhooks_in_any_order_and_number_capture_once(db, network, deliver, outbox, sound, fault):
    purchase = start()
    network.fault(fault)
    address = page_of(purchase)
    try:
        network.pay(address)
    except OSError:
        assert fault is Fault.LOSE_PAGE_ANSWER
    network.settle()

    for body, signature in network.caught.wait_for(2) * 3:
        assert deliver(body, signature) == 200
    work(outbox)

    assert in_clearing(purchase) == eur("50.00")
    assert len(of_kind(outbox, bank.PurchaseCaptured)) == len(network.charges()) == 1
    sound()


def test_a_page_that_was_left_is_heard_of_all_the_same(db, network, clock, outbox, sound):
    clock("2026-11-02T09:00")
    purchase = start()
    network.fault(Fault.DROP, 9)
    network.pay(page_of(purchase))

    house_clock.freeze(house_clock.now() + timedelta(minutes=3))
    payment_jobs.recover_payments()

    assert seen(purchase).is_free
    assert len(of_kind(outbox, bank.PurchaseCaptured)) == 1
    sound()


def test_a_declined_card_charges_nothing_and_another_may_pay(db, network, sound):
    purchase = start()
    address = page_of(purchase)

    declined = network.pay(address, number=DECLINED)
    between = bank.settle_purchase(payment_id=purchase.id)
    network.pay(address)

    assert (declined.status_code, between.is_paid) == (402, False)
    assert bank.settle_purchase(payment_id=purchase.id).is_free
    sound()


def test_a_card_that_asks_for_approval_is_not_paid_before_it(db, network):
    purchase = paid(network, number=APPROVES)

    assert not purchase.is_paid
    with pytest.raises(bank.PurchaseNotPaid):
        fund(purchase, share("50.00"))


def test_a_key_finds_its_purchase_and_refuses_another_amount(db):
    key = new_id()
    first = start("50.00", key=key)

    assert start("50.00", key=key) == first
    with pytest.raises(bank.IdempotencyMismatch):
        start("51.00", key=key)
    with pytest.raises(bank.IdempotencyMismatch):
        start("50.00", key=key, subject="C-2")


def test_thousandths_that_the_network_does_not_take_are_refused(db):
    with pytest.raises(bank.CardAmountUneven):
        start("1.234", currency="KWD")
    with pytest.raises(bank.CurrencyNotOffered):
        start("1.00", currency="BHD")


def test_orders_take_what_the_card_paid_once(db, network, outbox, sound):
    purchase, key = paid(network), new_id()
    shares = (share("40.00"), share("8.00", ref="V-2"))
    dues = [bank.Credit(bank.AccountKind.PREMIUM_PAYABLE, eur("2.00"))]

    first = fund(purchase, *shares, key=key, dues=dues)
    again = fund(purchase, *shares, key=key, dues=dues)

    assert (again.id, again.is_replay) == (first.id, True)
    assert (in_clearing(purchase), seen(purchase).outcome) == (eur(0), "placed")
    assert posted(ledger.AccountRef.escrow("V-1", "EUR")) == eur("40.00")
    with pytest.raises(bank.PurchaseOver):
        fund(purchase, share("50.00", ref="V-3"))
    sound()


def test_another_sum_than_the_card_paid_places_nothing(db, network, sound):
    purchase = paid(network)

    with pytest.raises(bank.PurchaseDiffers) as refused:
        bank.fund_escrow_together(
            key=new_id(),
            payers=[bank.Payer.card(purchase.id, eur("51.00"))],
            shares=[share("51.00")],
            dues=[],
            subject="G-1",
            actor=SYSTEM,
        )

    assert refused.value.data == {"paid": eur("50.00"), "due": eur("51.00")}
    assert seen(purchase).is_free


def test_twenty_at_once_place_one_order(own_database, network, outcomes, sound):
    purchase = paid(network)
    key, order = new_id(), share("50.00")

    found = outcomes(20, lambda _: fund(purchase, order, key=key))

    assert len({journal.id for journal in found}) == 1
    assert posted(ledger.AccountRef.escrow("V-1", "EUR")) == eur("50.00")
    sound()


def test_placing_and_giving_up_at_once_end_in_one_of_them(own_database, network, outcomes, sound):
    purchase, order = paid(network), share("50.00")

    outcomes(
        8,
        lambda n: (
            fund(purchase, order)
            if n % 2
            else bank.give_up_purchase(payment_id=purchase.id, actor=SYSTEM)
        ),
    )

    is_placed = seen(purchase).outcome == "placed"
    where = ledger.AccountRef.escrow("V-1", "EUR") if is_placed else house("card_refunds_due")
    assert posted(where) == eur("50.00")
    assert in_clearing(purchase) == eur(0)
    sound()


def let_wait():
    """Return once somebody waits for what the open transaction holds."""
    waits = text(
        "SELECT EXISTS (SELECT FROM pg_locks"
        " WHERE NOT granted AND pg_backend_pid() = ANY (pg_blocking_pids(pid)))"
    )
    deadline = time.monotonic() + 30
    while not session().execute(waits).scalar_one():
        assert time.monotonic() < deadline


@pytest.mark.parametrize("first", ["placed", "given_up"])
def test_who_waited_for_a_purchase_finds_what_became_of_it(own_database, network, sound, first):
    """The payment alone would be locked as it stands, and its purchase seen as it stood before."""
    purchase, late = paid(network), Future()

    def come_late():
        try:
            late.set_result(fund(purchase, share("50.00", ref="V-2")))
        except HouseError as refused:
            late.set_exception(refused)

    with transaction(name="tests.open", actor=SYSTEM):
        if first == "placed":
            fund(purchase, share("50.00"))
        else:
            bank.give_up_purchase(payment_id=purchase.id, actor=SYSTEM)
        threading.Thread(target=come_late).start()
        let_wait()

    with pytest.raises(bank.PurchaseOver):
        late.result(30)
    assert (seen(purchase).outcome, in_clearing(purchase)) == (first, eur(0))
    sound()


def test_what_no_order_takes_goes_back_whole_and_once(db, network, clock, outbox, sound):
    clock("2026-11-02T09:00")
    purchase = paid(network)
    jobs.give_up_purchases()
    early = seen(purchase).outcome
    house_clock.freeze(house_clock.now() + timedelta(minutes=45, seconds=1))

    for _ in range(3):
        jobs.give_up_purchases()
        bank.give_up_purchase(payment_id=purchase.id, actor=SYSTEM)
    work(outbox)

    assert (early, seen(purchase).outcome) == ("open", "given_up")
    assert network_refunds(network) == [5000]
    assert in_clearing(purchase) == posted(house("card_refunds_due")) == eur(0)
    assert posted(house("card_receivable")) == eur("1.00")  # the network keeps its fee
    assert len(of_kind(outbox, bank.PurchaseGivenUp)) == 1
    with pytest.raises(bank.PurchaseOver):
        fund(purchase, share("50.00"))
    sound()


def test_who_paid_twice_gets_the_second_payment_back(db, network, outbox, sound):
    first, second = paid(network), paid(network)
    fund(first, share("50.00"))

    with reading():
        others = [one for one in bank.purchases_of(subject="C-1") if one.is_free]
    for one in others:
        bank.give_up_purchase(payment_id=one.id, actor=SYSTEM)
    work(outbox)

    assert [one.id for one in others] == [second.id]
    assert network_refunds(network) == [5000]
    sound()


def test_a_refund_goes_to_the_card_that_paid(db, network, outbox, sound):
    purchase = paid(network)
    fund(purchase, share("50.00"))
    key = new_id()

    for _ in range(2):
        bank.refund_escrow(
            key=key, order_ref="V-1", amount=eur("20.00"), to_wallet_id=None, actor=SYSTEM
        )
    work(outbox)

    assert network_refunds(network) == [2000]
    assert in_clearing(purchase) == posted(house("card_refunds_due")) == eur(0)
    assert seen(purchase).payment.left == eur("30.00")
    sound()


def test_a_refund_reaches_a_wallet_where_the_buyer_prefers_it(db, network, outbox, sound):
    purchase, wallet = paid(network), make_wallet()
    fund(purchase, share("50.00"))

    bank.refund_escrow(
        key=new_id(), order_ref="V-1", amount=eur("20.00"), to_wallet_id=wallet.id, actor=SYSTEM
    )
    work(outbox)

    assert (available(wallet), network_refunds(network)) == (eur("20.00"), [])
    sound()


def test_what_is_paid_to_a_payer_by_its_id_reaches_the_card(db, network, outbox, sound):
    """An insurer pays a claim to whoever paid, and needs not know that it was a card."""
    purchase = paid(network)
    fund(purchase, share("50.00"))

    bank.pay_to_wallet(
        key=new_id(),
        kind="claim_paid",
        wallet_id=purchase.id,
        sources=[bank.Debit("insurer_float", eur("55.00"))],
        subject="CL-1",
        actor=SYSTEM,
    )
    work(outbox)

    assert network_refunds(network) == [5000]
    (rest,) = waiting_for(purchase)
    assert (rest.amount, rest.why) == (eur("5.00"), Why.MORE_THAN_CHARGED)
    assert in_clearing(purchase) == eur("5.00")
    sound()


def returned(network, outbox):
    """Return a purchase whose refund came back from the card's bank."""
    purchase = paid(network, number=COMES_BACK)
    fund(purchase, share("50.00"))
    bank.refund_escrow(
        key=new_id(), order_ref="V-1", amount=eur("20.00"), to_wallet_id=None, actor=SYSTEM
    )
    work(outbox)
    network.rest()
    for event in of_kind(outbox, RefundAsked):
        jobs.service.refunds.send(refund_id=event.refund_id)
    work(outbox)
    return purchase


def test_what_the_cards_bank_sends_back_waits_and_may_try_again(db, network, outbox, sound):
    purchase = returned(network, outbox)
    (credit,) = waiting_for(purchase)
    assert (credit.amount, credit.why, in_clearing(purchase)) == (
        eur("20.00"),
        Why.NOT_TAKEN,
        eur("20.00"),
    )

    for _ in range(2):
        waiting.try_card_again(credit_id=credit.id, actor=SYSTEM)

    assert (in_clearing(purchase), posted(house("card_refunds_due"))) == (eur(0), eur("20.00"))
    work(outbox)
    assert network_refunds(network) == [2000, 2000]
    sound()


def token_of(db):
    """Return the newest letter's link, after every letter that is due was written."""
    query = text(
        "SELECT data->'token' FROM kernel.mail WHERE template LIKE '%purchase_credit%'"
        " ORDER BY created_at DESC, id DESC LIMIT 1"
    )
    return opened(db.execute(query).scalar_one())


def write_letters(outbox):
    for event in of_kind(outbox, bank.PurchaseCreditChanged):
        with transaction(name="test", actor=SYSTEM):
            jobs.tell_of_credit(event)


def test_the_letters_link_tries_the_card_without_signing_in(db, network, outbox, client, sound):
    purchase = returned(network, outbox)
    write_letters(outbox)
    address = f"/en/bank/card-money/{token_of(db)}"
    with client.session_transaction() as cookies:
        cookies["csrf"] = "test-token"

    assert says(client.get(address), "%(amount)s is waiting for you")
    sent = client.post(f"{address}/card", data={"csrf_token": "test-token"})

    assert sent.status_code == 303
    assert says(client.get(address), "%(amount)s is on its way to your card")
    assert waiting_for(purchase)[0].state is CreditState.TO_CARD
    assert client.get("/en/bank/card-money/nothing").status_code == 404
    sound()


def test_what_the_card_does_not_take_goes_into_a_wallet_of_who_has_the_link(
    db, network, outbox, client, as_, make_person, sound
):
    purchase, person = returned(network, outbox), make_person()
    write_letters(outbox)
    address = f"/en/bank/card-money/{token_of(db)}"
    with client.session_transaction() as cookies:
        cookies["csrf"] = "test-token"
    stranger = client.post(f"{address}/wallet", data={"csrf_token": "test-token"})
    untouched = in_clearing(purchase)

    taken = as_(person).post(f"{address}/wallet", data={"csrf_token": "test-token"})

    assert (stranger.status_code, untouched) == (303, eur("20.00"))
    assert taken.status_code == 303
    with reading():
        wallet = bank.wallet_for(owner_id=person.person_id, currency="EUR")
    assert (available(wallet), in_clearing(purchase)) == (eur("20.00"), eur(0))
    (credit,) = waiting_for(purchase)
    with pytest.raises(PurchaseCreditOver):
        waiting.try_card_again(credit_id=credit.id, actor=SYSTEM)
    sound()


def test_the_operator_sees_what_is_paid_and_not_placed_and_what_waits(
    db, network, outbox, as_, make_person
):
    free = paid(network, subject="C-7")
    returned(network, outbox)

    page = as_(make_person(roles=frozenset({Role.OPERATOR}))).get("/en/bank/books/purchases")

    assert free.payment.ref in page.text
    assert says(page, "Refunds no card took")


def test_after_half_a_year_money_waits_for_a_wallet(db, network, clock, outbox, sound):
    clock("2026-11-02T09:00")
    purchase = paid(network)
    fund(purchase, share("50.00"))
    house_clock.freeze(house_clock.now() + timedelta(days=180, seconds=1))

    bank.refund_escrow(
        key=new_id(), order_ref="V-1", amount=eur("20.00"), to_wallet_id=None, actor=SYSTEM
    )

    (credit,) = waiting_for(purchase)
    assert (credit.why, of_kind(outbox, RefundAsked)) == (Why.TOO_LATE, [])
    with pytest.raises(CardTakesNoMore):
        waiting.try_card_again(credit_id=credit.id, actor=SYSTEM)
    sound()


def test_money_of_purchases_is_kept_safe_as_customers_money(db, network, sound):
    scope.load_scope(actor=SYSTEM)
    before = owed()
    purchase = paid(network)

    with reading():
        now = next(one for one in safeguarding.positions_now() if one.currency == "EUR")
    assert owed() - before == eur("50.00")
    assert now.requirement >= eur("50.00")
    fund(purchase, share("50.00"))
    assert owed() - before == eur("50.00")
    sound()


def owed() -> Money:
    with reading():
        held = ledger_queries.balances_of_kind(kind="purchase_clearing")
        kept = ledger_queries.balances_of_kind(kind="escrow")
    return sum((one.posted for one in [*held, *kept]), eur(0))
