"""Purchases by card in any weather: whatever happens in whatever order, nothing is paid twice.

Each run pays, places, refunds, claims, disputes and decides at random, lets refunds come back and
news come again in any order; at the end every book has to agree with the network's own.
"""

from __future__ import annotations

import random
from contextlib import suppress

import pytest
from bank_objects import eur, house, make_wallet
from sqlalchemy import text

from banking import api as bank
from banking.cards.card_refunds import service as refunds
from banking.cards.card_refunds.events import PurchaseRefundReturned
from banking.cards.disputes import service as disputes
from banking.cards.disputes.events import PurchaseQuestioned
from banking.cards.purchases import jobs, waiting
from banking.cards.purchases.rules import CreditState
from banking.core.ledger import queries as ledger_queries
from banking.core.ledger import service as ledger
from banking.merchants.escrow import jobs as escrow_jobs
from kernel.actor import SYSTEM, Actor
from kernel.db import reading, transaction
from kernel.errors import HouseError
from kernel.ids import new_id
from kernel.money import Money, total
from tests.banking.cards.purchases.purchasing import (
    COMES_BACK,
    GOOD,
    PENDING,
    in_clearing,
    of_kind,
    paid,
    seen,
    share,
    waiting_for,
)

STEPS = 36


class Weather:
    """One run: what was bought, what is disputed, and who may do what next."""

    def __init__(self, chance, network, outbox, db):
        self.chance, self.network, self.outbox, self.db = chance, network, outbox, db
        self.cards, self.orders, self.disputes = [], [], {}
        self.wallet = make_wallet("500")
        self.buyer = Actor(person_id=self.wallet.owner_id)

    def pay(self):
        amount = Money(self.chance.randint(200, 9_000), "EUR")
        number = self.chance.choice([GOOD, GOOD, COMES_BACK, PENDING])
        subject = f"C-{len(self.cards)}"
        self.cards.append(paid(self.network, str(amount.amount), number=number, subject=subject))

    def place(self):
        card = self.chance.choice(self.cards)
        by_wallet = Money(self.chance.choice([0, 0, 700]), "EUR")
        premium = Money(self.chance.choice([0, 99]), "EUR")
        count = self.chance.randint(1, 3)
        parts = (card.amount + by_wallet - premium).split([1 + n for n in range(count)])
        refs = [f"V-{len(self.orders) + n}" for n in range(count)]
        payers = [bank.Payer.card(card.id, card.amount)]
        if by_wallet:
            payers.insert(0, bank.Payer.wallet(self.wallet.id, by_wallet))
        key = new_id()
        shares = [share(str(part.amount), ref=ref) for part, ref in zip(parts, refs, strict=True)]
        dues = [bank.Credit(bank.AccountKind.PREMIUM_PAYABLE, premium)] if premium else []
        for _ in range(2):
            bank.fund_escrow_together(
                key=key, payers=payers, shares=shares, dues=dues, subject="G-1", actor=SYSTEM
            )
        self.orders += [(ref, card) for ref in refs]

    def give_up(self):
        bank.give_up_purchase(payment_id=self.chance.choice(self.cards).id, actor=SYSTEM)

    def refund(self):
        ref, _ = self.chance.choice(self.orders)
        key, to = new_id(), self.chance.choice([None, None, self.wallet.id])
        amount = self.some(bank_escrow(ref).remaining)
        for _ in range(2):
            bank.refund_escrow(key=key, order_ref=ref, amount=amount, to_wallet_id=to, actor=SYSTEM)

    def release(self):
        ref, _ = self.chance.choice(self.orders)
        amount = self.some(bank_escrow(ref).remaining)
        payout = bank.EscrowPayout(amount=amount, purpose=bank.Purpose.GOODS)
        bank.release_escrow(key=new_id(), order_ref=ref, payouts=[payout], actor=SYSTEM)

    def refund_late(self):
        ref, _ = self.chance.choice(self.orders)
        bank.refund_after_release(
            key=new_id(),
            order_ref=ref,
            amount=self.some(bank_escrow(ref).funded),
            to_wallet_id=None,
            actor=SYSTEM,
        )

    def claim(self):
        _, card = self.chance.choice(self.orders)
        bank.pay_to_wallet(
            key=new_id(),
            kind="claim_paid",
            wallet_id=card.id,
            sources=[bank.Debit("insurer_float", self.some(card.amount))],
            subject="CL-1",
            actor=SYSTEM,
        )

    def dispute(self):
        card = self.chance.choice(self.cards)
        if card.id not in self.disputes:
            part = self.chance.choice([None, self.some(card.amount).minor])
            self.disputes[card.id] = self.network.dispute(card.payment, amount=part)

    def decide(self):
        if self.disputes:
            ref = self.chance.choice(list(self.disputes.values()))
            self.decide_one(ref, is_won=self.chance.random() < 0.4)

    def decide_one(self, ref, *, is_won):
        if self.network.network.records.disputes[ref]["status"] == "needs_response":
            self.network.decide(ref, is_won=is_won)

    def send_back(self):
        found = self.network.network.records.refunds.values()
        done = [one["id"] for one in found if one["status"] == "succeeded"]
        if done:
            self.network.run(self.end(self.chance.choice(done)))

    async def end(self, ref):
        self.network.server.back.end_refund(ref, "failed")

    def choose(self):
        found = [one for card in self.cards for one in waiting_for(card)]
        open_ones = [one for one in found if one.state is CreditState.WAITING]
        if open_ones:
            act = self.chance.choice([waiting.try_card_again, waiting.take_into_wallet])
            act(credit_id=self.chance.choice(open_ones).id, actor=self.buyer)

    def work(self):
        """Ask about everything, and bring news in any order, some of it once more."""
        for ref in self.disputes.values():
            disputes.settle(dispute_ref=ref)
        for (refund_id,) in self.db.execute(text("SELECT id FROM banking.card_refunds")).all():
            refunds.send(refund_id=refund_id)
        news = [
            *of_kind(self.outbox, PurchaseQuestioned),
            *of_kind(self.outbox, PurchaseRefundReturned),
        ]
        self.chance.shuffle(news)
        for event in news:
            with transaction(name="test", actor=SYSTEM):
                if isinstance(event, PurchaseQuestioned):
                    escrow_jobs.follow_dispute(event)
                else:
                    jobs.follow_returned(event)

    def some(self, most):
        return Money(self.chance.randint(1, max(1, most.minor)), most.currency)

    def end_all(self):
        """Let the network rest, every dispute be decided and every purchase end."""
        for ref in self.disputes.values():
            self.decide_one(ref, is_won=self.chance.random() < 0.5)
        for card in self.cards:
            bank.give_up_purchase(payment_id=card.id, actor=SYSTEM)
        for _ in range(4):
            self.network.rest()
            self.work()


ACTS = (
    *("pay", "place", "place", "refund", "refund", "release", "refund_late", "claim"),
    *("dispute", "decide", "send_back", "choose", "work", "work", "give_up"),
)


@pytest.mark.parametrize("seed", range(8))
def test_any_weather_ends_with_every_book_in_agreement(db, network, outbox, sound, seed):
    weather = Weather(random.Random(seed), network, outbox, db)
    before = balance(house("card_receivable"))
    weather.pay()
    weather.place()
    for _ in range(STEPS):
        with suppress(HouseError):
            getattr(weather, weather.chance.choice(ACTS))()

    weather.end_all()

    sound()
    assert_network_agrees(network, before)
    for card in weather.cards:
        assert seen(card).outcome in {"placed", "given_up"}
        held = [one.amount for one in waiting_for(card) if one.state is CreditState.WAITING]
        assert in_clearing(card) == total(held, "EUR")
        assert_nothing_twice(network, card)
    for ref, _ in weather.orders:
        kept = bank_escrow(ref)
        assert balance(ledger.AccountRef.escrow(ref, "EUR")) == kept.remaining
        assert kept.questioned == eur(0)
        assert refunded(db, ref) <= kept.funded.minor
    for kind in ("card_refunds_due", "chargeback", "chargeback_reserve"):
        assert balance(house(kind)) == eur(0), kind


def assert_network_agrees(network, before):
    """What the network owes us by its own account is what we say that it owes."""
    network.run(network.server.back.note_charges())
    lines = network.network.records.lines.values()
    assert (before - balance(house("card_receivable"))).minor == sum(line["net"] for line in lines)


def assert_nothing_twice(network, card):
    """No card has back more than it paid, by refunds and its bank together, but for their overlap.

    A cardholder who was refunded may still dispute the whole charge; that is the house's loss.
    """
    records = network.network.records
    back = sum(
        one["amount"]
        for one in records.refunds.values()
        if one["payment_intent"] == card.payment.payment_ref and one["status"] != "failed"
    )
    assert back <= card.amount.minor
    assert seen(card).payment.refunded.minor == back


def refunded(db, ref):
    query = text(
        "SELECT coalesce(sum(amount), 0) FROM banking.escrow_moves"
        " WHERE order_ref = :ref AND kind = 'refunded'"
    )
    return int(db.execute(query, {"ref": ref}).scalar_one())


def bank_escrow(ref):
    with reading():
        return bank.escrow_of(order_ref=ref)


def balance(account):
    with reading():
        found = ledger_queries.balances(accounts=[account]).get(account)
    return found.posted if found else eur(0)
