"""What a purchase by card asks of the database: each step so many statements, and no more."""

from __future__ import annotations

from purchasing import page_of, share, start

from banking import api as bank
from kernel.actor import SYSTEM
from kernel.db import counting_queries, reading
from kernel.ids import new_id


def verbs(counted):
    """Return the first word of each statement, and what it is about."""
    return [" ".join(statement.split()[:3]) for statement in counted.statements]


def test_beginning_writes_payment_and_purchase_and_reads_neither(db):
    key = new_id()
    with counting_queries() as first:
        start(key=key)
    with counting_queries() as again:
        start(key=key)

    # What the mail address paid lately, the two rows, the trail.
    assert len(first) == 4, verbs(first)
    assert len(again) == 6, verbs(again)


def test_the_page_of_a_purchase_is_noted_by_one_statement(db, network):
    purchase = start()
    with counting_queries() as opening:
        address = page_of(purchase)
    with counting_queries() as again:
        assert page_of(purchase) == address

    # The purchase with its payment, what is noted, the trail; once it is open, the first alone.
    assert len(opening) == 3, verbs(opening)
    assert len(again) == 1, verbs(again)


def test_asking_how_a_purchase_stands_reads_it_once(db, network):
    purchase = start()
    network.pay(page_of(purchase))
    with counting_queries() as paying:
        paid = bank.settle_purchase(payment_id=purchase.id)
    with counting_queries() as again:
        known = bank.settle_purchase(payment_id=purchase.id)

    assert paid == known
    # The purchase with its payment, the lock, the journal, the payment's end, the trail with news.
    assert len(paying) == 5, verbs(paying)
    assert len(again) == 1, verbs(again)


def test_orders_take_a_purchase_in_five_statements(db, network):
    purchase = start()
    network.pay(page_of(purchase))
    bank.settle_purchase(payment_id=purchase.id)
    with counting_queries() as taking:
        bank.fund_escrow_together(
            key=new_id(),
            payers=[bank.Payer.card(purchase.id, purchase.amount)],
            shares=[share("30.00"), share("20.00", ref="V-2")],
            dues=[],
            subject="G-1",
            actor=SYSTEM,
        )

    # The purchase, locked, with what its card paid lately; its end; the journal; both escrows with
    # who paid them; the trail with its news.
    assert len(taking) == 5, verbs(taking)


def test_purchases_of_one_subject_are_read_together(db):
    for _ in range(3):
        start(subject="C-7")
    with reading(), counting_queries() as counted:
        found = bank.purchases_of(subject="C-7")

    assert (len(found), len(counted)) == (3, 1), verbs(counted)
