"""Checkouts that a card pays, as pages and jobs do it."""

from __future__ import annotations

from sqlalchemy import text

from banking import api as bank
from banking.cards.card_topups.standin.hosted import adds_up
from banking.cards.disputes import service as disputes
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.jobs import drain
from kernel.money import Money
from marketplace.buying.checkout import paying
from marketplace.buying.checkout import service as checkout
from marketplace.buying.checkout.service import Kind, Means
from marketplace.buying.orders import queries as orders

BACK = "http://127.0.0.1:8000/en/checkout/1/paid"
BY_CARD = Means(kind=Kind.CARD)


def card_of(number):
    """Return a good card of somebody's own: from 15,000 € on the law asks who holds a card."""
    body = f"424242{number:07d}55"
    return next(f"{body}{check}" for check in range(10) if adds_up(f"{body}{check}"))


def begun(view, actor, means=BY_CARD):
    """Press the button with a card; return the payment."""
    found = checkout.pay(ref=view.ref, expected=view.total, means=means, actor=actor)
    assert found.payment_id is not None
    return found.payment_id


def page_of(payment_id):
    return checkout.card_page(payment_id=payment_id, back_to=BACK, actor=SYSTEM)


def typed(network, view, actor, **card):
    """Press the button and type a card on the network's page; return the payment, not looked at."""
    payment_id = begun(view, actor)
    network.pay(page_of(payment_id), **card)
    return payment_id


def captured(network, view, actor, **card):
    """Return a payment that the bank knows of, and no checkout has been told of it."""
    payment_id = typed(network, view, actor, **card)
    assert bank.settle_purchase(payment_id=payment_id).is_free
    return payment_id


def complete(payment_id):
    return paying.complete(payment_id=payment_id)


def groups(market):
    query = "SELECT ref, wallet_id, payment_id, total_minor FROM marketplace.order_group"
    return market.execute(text(query)).all()


def outcome(payment_id):
    with reading():
        return bank.purchase(payment_id=payment_id).outcome


def given_up(market, payment_id):
    """Return why the letter says that a payment goes back; None when none was written."""
    query = "SELECT payload->>'why' FROM kernel.outbox WHERE name = 'banking.purchase.given_up.v1'"
    return market.execute(text(query)).scalars().all()


def to_card(network):
    """Return what the card network gave back in all."""
    return Money(sum(one["amount"] for one in network.network.records.refunds.values()), "EUR")


def disputed(buyer, group, network, **how):
    """Let the cardholder dispute what paid for an order; return how the network calls it."""
    with reading():
        payment = bank.purchase(payment_id=orders.own_group(buyer, group).payment_id).payment
    ref = network.dispute(payment, **how)
    for _ in range(2):
        disputes.settle(dispute_ref=ref)
        drain()
    return ref


def decided(network, ref, *, is_won):
    network.decide(ref, is_won=is_won)
    for _ in range(2):
        disputes.settle(dispute_ref=ref)
        drain()
