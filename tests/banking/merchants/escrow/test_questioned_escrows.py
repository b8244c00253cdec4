"""Cardholders' disputes about purchases: kept back, let go exactly, or borne by the orders."""

from __future__ import annotations

import pytest
from bank_objects import available, eur, house, make_wallet, posted

from banking import api as bank
from banking.cards.card_refunds.events import RefundAsked
from banking.cards.disputes import queries as dispute_queries
from banking.cards.disputes import service as disputes
from banking.cards.disputes.events import DisputeClosed, DisputeOpened, PurchaseQuestioned
from banking.cards.purchases.rules import CreditState, Why
from banking.core.ledger import service as ledger
from banking.merchants.escrow import jobs
from banking.merchants.escrow.events import EscrowChargedBack, EscrowQuestioned
from kernel.actor import SYSTEM, Role
from kernel.db import counting_queries, reading, transaction
from kernel.ids import new_id
from tests.asking import says
from tests.banking.cards.purchases.purchasing import (
    follow_disputes,
    in_clearing,
    of_kind,
    paid,
    seen,
    share,
    waiting_for,
    work,
)
from tests.banking.merchants.escrow.test_payers import escrow, fund, release


def disputed(network, outbox, purchase, **how):
    """Let the cardholder dispute a purchase; return the network's name of the dispute."""
    ref = network.dispute(purchase.payment, **how)
    disputes.settle(dispute_ref=ref)
    follow_disputes(outbox)
    return ref


def decide(network, outbox, ref, *, is_won):
    network.decide(ref, is_won=is_won)
    for _ in range(2):
        disputes.settle(dispute_ref=ref)
    follow_disputes(outbox)
    work(outbox)


def refund(amount, *, ref="V-1", to=None):
    bank.refund_escrow(
        key=new_id(), order_ref=ref, amount=eur(amount), to_wallet_id=to, actor=SYSTEM
    )


def bought(network, amount="60", *orders):
    card = paid(network, amount)
    fund(None, card, ("", amount), *(orders or [share(amount)]))
    return card


def dispute_of(card):
    with reading():
        (found,) = dispute_queries.disputes_of(payment_id=card.id)
    return found


def network_side():
    return posted(house("chargeback")), posted(house("chargeback_reserve"))


def test_a_disputed_order_is_kept_back_and_a_dispute_won_lets_it_go(db, network, outbox, sound):
    card = bought(network)
    before = posted(house("card_receivable"))
    ref = disputed(network, outbox, card)

    with pytest.raises(bank.EscrowFrozenAmount):
        release("60")
    kept = escrow("V-1").questioned
    decide(network, outbox, ref, is_won=True)
    release("60")

    assert kept == eur("60")
    assert posted(house("card_receivable")) == before + eur("15")  # the fee stays
    assert posted(house("chargeback")) == eur("0")
    states = [(e.state, e.amount, e.taken) for e in of_kind(outbox, PurchaseQuestioned)]
    assert states == [("opened", eur("60"), eur("0")), ("won", eur("60"), eur("0"))]
    assert [e.questioned for e in of_kind(outbox, EscrowQuestioned)] == [eur("60"), eur("0")]
    assert of_kind(outbox, DisputeOpened) == of_kind(outbox, DisputeClosed) == []
    sound()


def test_a_dispute_lost_is_borne_by_the_order_before_its_payout(db, network, outbox, sound):
    card = bought(network)
    ref = disputed(network, outbox, card)

    decide(network, outbox, ref, is_won=False)

    assert (escrow("V-1").remaining, escrow("V-1").questioned) == (eur("0"), eur("0"))
    assert network_side() == (eur("0"), eur("0"))
    assert dispute_of(card).house_loss == eur("0")
    told = of_kind(outbox, EscrowChargedBack)
    assert [(e.order_ref, e.amount) for e in told] == [("V-1", eur("60"))]
    assert of_kind(outbox, RefundAsked) == []
    sound()


def test_what_a_bank_holds_and_what_it_took_is_told_of_each_order(db, network, outbox, sound):
    card = bought(network, "60", share("40"), share("20", ref="V-2"))
    ref = disputed(network, outbox, card, amount=3000)
    with reading():
        held = bank.questioned_orders()

    decide(network, outbox, ref, is_won=False)

    with reading():
        assert bank.questioned_orders() == []
        took = [bank.charged_back(order_ref=ref, currency="EUR") for ref in held]
    assert held == ["V-1", "V-2"]
    assert took == [eur("20"), eur("10")]
    sound()


def test_a_dispute_lost_after_the_payout_is_borne_by_vendor_and_house(db, network, outbox, sound):
    vendor = new_id()
    card = bought(network, "60", share("60", vendor=vendor))
    payouts = [bank.EscrowPayout(amount=eur("60"), purpose=bank.Purpose.GOODS, commission=eur("6"))]
    bank.release_escrow(key=new_id(), order_ref="V-1", payouts=payouts, actor=SYSTEM)
    with reading():
        wallet = bank.wallet_for(owner_id=vendor, currency="EUR")
    spend(wallet, "50")
    ref = disputed(network, outbox, card)

    decide(network, outbox, ref, is_won=False)

    assert available(wallet) == eur("0")
    assert posted(house("commission_revenue")) == eur("0")
    assert posted(house("platform_loss")) == eur("-50")
    assert network_side() == (eur("0"), eur("0"))
    sound()


def spend(wallet, amount):
    other = make_wallet()
    ledger.post(
        key=new_id(),
        kind="test",
        subject="test",
        actor=SYSTEM,
        legs=[ledger.Leg(wallet.account, -eur(amount)), ledger.Leg(other.account, eur(amount))],
    )


def test_what_went_to_the_insurer_is_the_houses_loss(db, network, outbox, sound):
    card = paid(network, "60")
    dues = [bank.Credit(bank.AccountKind.PREMIUM_PAYABLE, eur("10"))]
    fund(None, card, ("", "60"), share("30"), share("20", ref="V-2"), dues=dues)
    ref = disputed(network, outbox, card)

    decide(network, outbox, ref, is_won=False)

    assert (escrow("V-1").remaining, escrow("V-2").remaining) == (eur("0"), eur("0"))
    assert dispute_of(card).house_loss == eur("10")
    assert posted(house("platform_loss")) == eur("-10")
    assert network_side() == (eur("0"), eur("0"))
    sound()


def test_only_the_cards_part_of_an_order_bears_a_dispute(db, network, outbox, sound):
    wallet, card = make_wallet("20"), paid(network, "40")
    fund(wallet, card, ("20", "40"), share("60"))
    ref = disputed(network, outbox, card)

    decide(network, outbox, ref, is_won=False)
    refund("20")

    assert available(wallet) == eur("20")
    assert (escrow("V-1").remaining, network_side()) == (eur("0"), (eur("0"), eur("0")))
    sound()


def test_a_refund_meanwhile_waits_and_a_dispute_lost_takes_it_first(db, network, outbox, sound):
    wallet, card = make_wallet(), bought(network)
    ref = disputed(network, outbox, card)
    refund("25", to=wallet.id)
    work(outbox)
    (credit,) = waiting_for(card)
    between = (credit.why, in_clearing(card), available(wallet))

    decide(network, outbox, ref, is_won=False)

    assert between == (Why.DISPUTED, eur("25"), eur("0"))
    assert waiting_for(card)[0].state is CreditState.TAKEN
    assert (in_clearing(card), escrow("V-1").remaining) == (eur("0"), eur("0"))
    assert network_side() == (eur("0"), eur("0"))
    assert list(network.network.records.refunds) == []
    sound()


def test_a_refund_meanwhile_goes_on_to_the_card_once_the_dispute_is_won(db, network, outbox, sound):
    card = bought(network)
    ref = disputed(network, outbox, card)
    refund("25")

    decide(network, outbox, ref, is_won=True)

    assert waiting_for(card)[0].state is CreditState.TO_CARD
    # The network gives no charge back that was ever disputed: it waits for another way.
    newest = waiting_for(card)[-1]
    assert (newest.why, newest.amount, in_clearing(card)) == (
        Why.NOT_TAKEN,
        eur("25"),
        eur("25"),
    )
    sound()


def test_a_refund_that_the_network_refuses_after_a_dispute_was_lost_makes_the_loss_good(
    db, network, outbox, sound
):
    card = bought(network)
    refund("25")
    ref = network.dispute(card.payment)
    disputes.settle(dispute_ref=ref)
    network.decide(ref, is_won=False)
    disputes.settle(dispute_ref=ref)
    follow_disputes(outbox)
    before = dispute_of(card).house_loss

    work(outbox)

    assert before == eur("25")
    assert dispute_of(card).house_loss == posted(house("platform_loss")) == eur("0")
    (credit,) = waiting_for(card)
    assert (credit.state, credit.amount, in_clearing(card)) == (
        CreditState.TAKEN,
        eur("25"),
        eur("0"),
    )
    sound()


def test_a_part_that_is_disputed_leaves_the_rest_to_its_owner(db, network, outbox, sound):
    card = paid(network, "60")
    ref = disputed(network, outbox, card, amount=2500)
    bank.give_up_purchase(payment_id=card.id, actor=SYSTEM)

    decide(network, outbox, ref, is_won=False)

    ends = {(one.state, one.amount, one.why) for one in waiting_for(card)}
    assert ends == {
        (CreditState.TAKEN, eur("25"), Why.DISPUTED),
        (CreditState.WAITING, eur("35"), Why.NOT_TAKEN),
    }
    assert in_clearing(card) == eur("35")
    sound()


def test_a_disputed_payment_places_no_order(db, network, outbox, sound):
    card = paid(network, "60", number="4000000000000259")
    (ref,) = network.network.records.disputes
    disputes.settle(dispute_ref=ref)

    with pytest.raises(bank.PurchaseDisputed):
        fund(None, card, ("", "60"), share("60"))

    bank.give_up_purchase(payment_id=card.id, actor=SYSTEM)
    decide(network, outbox, ref, is_won=False)
    assert (seen(card).outcome, in_clearing(card)) == ("given_up", eur("0"))
    assert network_side() == (eur("0"), eur("0"))
    sound()


@pytest.mark.parametrize("order", ["as told", "reversed", "only the end"])
def test_news_in_any_order_and_number_ends_the_same(db, network, outbox, sound, order):
    card = bought(network)
    ref = network.dispute(card.payment)
    disputes.settle(dispute_ref=ref)
    network.decide(ref, is_won=False)
    disputes.settle(dispute_ref=ref)
    news = of_kind(outbox, PurchaseQuestioned)
    chosen = {"as told": news, "reversed": news[::-1], "only the end": news[1:]}[order]

    for event in chosen * 2:
        bring(event)

    assert (escrow("V-1").remaining, escrow("V-1").questioned) == (eur("0"), eur("0"))
    assert network_side() == (eur("0"), eur("0"))
    sound()


def bring(event):
    with transaction(name="test", actor=SYSTEM):
        jobs.follow_dispute(event)


def test_the_operator_sees_what_the_orders_bore(db, network, outbox, as_, make_person):
    card = bought(network)
    ref = disputed(network, outbox, card)
    decide(network, outbox, ref, is_won=False)
    desk = as_(make_person(roles=frozenset({Role.OPERATOR})))

    page = desk.get(f"/en/bank/books/disputes/{dispute_of(card).ref}")

    assert card.subject in page.text
    assert says(page, "Charged to the orders")
    assert desk.get(f"/en/bank/books/losses/{dispute_of(card).ref}").status_code == 200


def test_the_money_of_orders_is_told_whole_by_one_query(db, network, outbox):
    """What was let go and what a bank decided, beside an order that nobody has touched."""
    card = bought(network, "80", share("60"), share("20", ref="V-2"))
    release("10")
    refund("5")
    lost = disputed(network, outbox, card)
    decide(network, outbox, lost, is_won=False)
    refs = ["V-1", "V-2", "V-9"]

    with reading(), counting_queries() as asked:
        told = bank.order_money(order_refs=refs)

    assert len(asked) == 1
    with reading():
        escrows, moves = bank.escrows_of(order_refs=refs), bank.moves_of(order_refs=refs)
        questions = bank.questions_of(order_refs=refs)
    assert told.keys() == {"V-1", "V-2"}
    assert all(questions[ref] and moves[ref] for ref in told)
    for ref, money in told.items():
        assert (money.escrow, money.moves) == (escrows[ref], moves[ref])
        assert money.questions == questions[ref]
