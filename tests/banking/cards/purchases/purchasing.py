"""Purchases that a card pays at the real stand-in network, and what the worker does about them."""

from __future__ import annotations

from banking import api as bank
from banking.cards.card_refunds import jobs as refund_jobs
from banking.cards.card_refunds.events import PurchaseRefundReturned, RefundAsked
from banking.cards.card_topups import jobs as payment_jobs
from banking.cards.card_topups import service as payments
from banking.cards.card_topups.events import PaymentReported, RefundReported
from banking.cards.card_topups.queries import clearing
from banking.cards.disputes.events import PurchaseQuestioned
from banking.cards.purchases import jobs
from banking.merchants.escrow import jobs as escrow_jobs
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from kernel.ids import new_id
from kernel.money import Money
from tests.banking.bank_objects import eur, posted

BACK = "http://127.0.0.1:8000/en/checkout/1/paid"
GOOD, PENDING, COMES_BACK = "4242424242424242", "4000000000007726", "4000000000005126"
DISPUTED, DECLINED, APPROVES = "4000000000000259", "4000000000000341", "4000002500003155"


def start(amount="50.00", *, subject="C-1", key=None, currency="EUR"):
    return bank.start_purchase(
        key=key or new_id(),
        amount=Money.of(amount, currency),
        subject=subject,
        email="guest@example.com",
        owner_id=None,
        actor=SYSTEM,
    )


def page_of(purchase):
    return bank.purchase_page(payment_id=purchase.id, title="Entrepôt", back_to=BACK, actor=SYSTEM)


def paid(network, amount="50.00", *, number=GOOD, subject="C-1", currency="EUR"):
    """Return a purchase that a card has paid; cards take refunds as long as the limits say."""
    payments.load_limits(actor=SYSTEM)
    begun = start(amount, subject=subject, currency=currency)
    network.pay(page_of(begun), number=number)
    return bank.settle_purchase(payment_id=begun.id)


def in_clearing(purchase):
    return posted(clearing(purchase.id, purchase.amount.currency))


def seen(purchase):
    with reading():
        return bank.purchase(payment_id=purchase.id)


def waiting_for(purchase):
    with reading():
        return bank.purchase_credits_of(payment_id=purchase.id)


def share(amount, *, ref="V-1", vendor=None):
    return bank.EscrowShare(order_ref=ref, amount=eur(amount), beneficiary_id=vendor or new_id())


def of_kind(outbox, kind):
    return [event for event in outbox() if isinstance(event, kind)]


def work(outbox):
    """Run the handlers of everything published, as the worker does; twice is once."""
    for _ in range(2):
        for event in of_kind(outbox, PaymentReported):
            payment_jobs.settle_reported(event)
        for event in of_kind(outbox, RefundAsked):
            refund_jobs.send_refund(event)
        for event in of_kind(outbox, RefundReported):
            refund_jobs.ask_about_refund(event)
        for event in of_kind(outbox, PurchaseRefundReturned):
            with transaction(name="test", actor=SYSTEM):
                jobs.follow_returned(event)


def follow_disputes(outbox):
    """Run the handlers of everything told about disputes; twice is once."""
    for _ in range(2):
        for event in of_kind(outbox, PurchaseQuestioned):
            with transaction(name="test", actor=SYSTEM):
                escrow_jobs.follow_dispute(event)
