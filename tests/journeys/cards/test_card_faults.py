"""Checkouts at a card network that misbehaves: each is paid once, none is lost, none is stuck.

FAULTY_CHECKOUTS says how many; `make soak` drives three hundred.
"""

from __future__ import annotations

import os
from collections import Counter
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import requests
from paying_by_card import begun, card_of, page_of
from sqlalchemy import text

from banking.cards.card_topups import jobs as payment_jobs
from banking.cards.card_topups.errors import CardNetworkDown
from banking.cards.card_topups.standin.faults import Fault
from banking.cards.purchases import jobs as purchase_jobs
from kernel import clock as house_clock
from kernel.actor import ANONYMOUS, SYSTEM, Actor
from kernel.db import reading
from kernel.ids import new_id
from kernel.jobs import dead_letters, drain
from kernel.money import Money
from kernel.people.guests import service as guests
from marketplace.buying.buyers.service import NewAddress
from marketplace.buying.cart import service as cart
from marketplace.buying.checkout import jobs
from marketplace.buying.checkout import queries as checkouts
from marketplace.buying.checkout import service as checkout
from marketplace.catalogue.inventory import service as inventory
from tests.banking.bank_objects import verified
from tests.journeys.racing import make_buyer, open_house
from tests.marketplace.makers import make_offer, make_rates

pytestmark = pytest.mark.journey

CHECKOUTS = int(os.environ.get("FAULTY_CHECKOUTS", "30"))
# What the network does wrong, and how often: a payment brings two webhooks.
FAULTS = {
    "nothing": (None, 0),
    "each webhook three times": (Fault.DUPLICATE, 2),
    "the first webhook last": (Fault.REORDER, 1),
    "no webhook": (Fault.DROP, 2),
    "a forged signature": (Fault.BAD_SIGNATURE, 2),
    "a signature that is too old": (Fault.OLD_SIGNATURE, 2),
    "no answer once the card is charged": (Fault.LOSE_PAGE_ANSWER, 1),
    "no answer to the house": (Fault.LOSE_API_ANSWER, 1),
    "three days late": (Fault.KEEP, 2),
    "three days late and sold out": (Fault.KEEP, 2),
}
NAMES = tuple(FAULTS)
LATE = {name for name in NAMES if name.startswith("three days late")}
HOME = NewAddress(
    name="Naoko Ishii",
    lines=("2-19-15 Jingumae",),
    city="Shibuya-ku",
    region="Tokyo",
    postcode="150-0001",
    country="JP",
)
BOOKS = text(
    """
    SELECT c.ref, p.payment_id, p.outcome, y.amount_minor, y.payment_ref,
        (SELECT count(*) FROM marketplace.order_group WHERE checkout_ref = c.ref) AS orders,
        (SELECT sum(total_minor) FROM marketplace.order_group WHERE checkout_ref = c.ref) AS sum,
        (SELECT payload->>'why' FROM kernel.outbox o
            WHERE o.name = 'banking.purchase.given_up.v1' AND o.payload->>'subject' = c.ref) AS why
    FROM banking.card_purchases p
    JOIN banking.card_payments y ON y.id = p.payment_id
    JOIN marketplace.checkout c ON c.ref = p.subject
    """
)
LEFT_OVER = text(
    "SELECT (SELECT count(*) FROM banking.ledger_accounts"
    " WHERE kind = 'purchase_clearing' AND posted <> 0) AS clearing,"
    " (SELECT count(*) FROM banking.card_payments WHERE state <> 'captured') AS open,"
    " (SELECT count(*) FROM kernel.delivery WHERE done_at IS NULL) AS undelivered"
)


@dataclass(frozen=True)
class Begun:
    """A checkout whose card was typed. Shape: what is the fault's name."""

    what: str
    ref: str
    actor: Actor
    total: Money


def shopper(number: int, offer_id: int) -> tuple[Actor, Any]:
    """Return somebody with one piece in their cart: two guests, then somebody with an account."""
    if number % 3 == 2:
        buyer = make_buyer(offer_id, number)
        return buyer.actor, buyer.cart_id
    guest = guests.open_guest(
        email=f"{new_id().hex}@example.com",
        name=HOME.name,
        locale="en",
        country="JP",
        device="test",
        address=f"10.{number // 200}.{number % 200}.1",
        actor=ANONYMOUS,
    )
    return guest, cart.add_line(
        cart_id=None, offer_id=offer_id, quantity=1, seen=Money(1, "JPY"), actor=guest
    )


def check_out(number: int, offer_id: int, network: Any) -> Begun:
    """Type a card at a network with the fault whose turn it is; some come back, most never do."""
    what = NAMES[number % len(NAMES)]
    actor, cart_id = shopper(number, offer_id)
    basket = checkout.Basket(
        cart_id=cart_id, is_alone=False, locale="en", country="JP", currency="JPY"
    )
    ref = checkout.begin(basket=basket, address=HOME, actor=actor)
    with reading():
        view = checkouts.checkout_for(actor, ref)
    payment_id = begun(view, actor)
    fault, times = FAULTS[what]
    if fault is not None:
        network.fault(fault, times)
    try:
        page = page_of(payment_id)
    except CardNetworkDown:
        page = page_of(payment_id)
    if fault is Fault.LOSE_PAGE_ANSWER:
        with pytest.raises(requests.ConnectionError):
            network.pay(page, number=card_of(number))
    else:
        network.pay(page, number=card_of(number))
    if number % 4 == 0 and what not in LATE:
        checkout.complete_all(ref=ref, actor=actor)
    network.settle()
    assert network.network.faults.left() == {}
    return Begun(what, ref, actor, view.total)


def minutes_pass(minutes: int) -> None:
    """Let time pass, and every job of card payments have its turn, twice."""
    house_clock.freeze(house_clock.now() + timedelta(minutes=minutes))
    for _ in range(2):
        payment_jobs.recover_payments()
        jobs.complete_paid()
        purchase_jobs.give_up_purchases()
        inventory.expire_reservations(actor=SYSTEM)
        drain()


@pytest.fixture
def door(app, network):
    """Let webhooks arrive at the house's own door while everything else goes on."""

    def hand(body: bytes, signature: str) -> int:
        answer = app.test_client().post(
            "/webhooks/card-network", data=body, headers={"Stripe-Signature": signature}
        )
        return int(answer.status_code)

    network.caught.door = hand


def test_each_checkout_is_paid_once_whatever_the_network_does(own_database, network, door):
    house_clock.freeze(datetime(2026, 11, 25, 3, tzinfo=UTC))
    open_house()
    plenty = make_offer(stock=2 * CHECKOUTS).offer_id
    rare = make_offer(stock=2 * CHECKOUTS).offer_id
    sold_out = NAMES[-1]
    turns = sorted(range(CHECKOUTS), key=lambda number: NAMES[number % len(NAMES)] in LATE)
    known = [number for number in turns if NAMES[number % len(NAMES)] not in LATE]
    done = [check_out(number, plenty, network) for number in known]
    minutes_pass(3)
    for number in turns[len(known) :]:
        is_rare = NAMES[number % len(NAMES)] == sold_out
        done.append(check_out(number, rare if is_rare else plenty, network))
    # The house hears of the last ones when nothing is kept for them any more.
    house_clock.freeze(house_clock.now() + timedelta(days=3))
    make_rates(JPY="160")
    inventory.expire_reservations(actor=SYSTEM)
    inventory.count(offer_id=rare, on_hand=0, actor=SYSTEM)
    network.let_go()
    network.settle()
    minutes_pass(1)
    minutes_pass(60)
    network.rest()
    minutes_pass(60)

    with reading() as current:
        books = {row.ref: row for row in current.execute(BOOKS)}
        left = dict(current.execute(LEFT_OVER).mappings().one())
    charges = Counter(charge["payment_intent"] for charge in network.charges())
    back = {
        one["payment_intent"]: one["amount"] for one in network.network.records.refunds.values()
    }
    assert len(books) == len(done) == CHECKOUTS
    for one in done:
        row = books[one.ref]
        expected = ("placed", 1, one.total.minor, None)
        if one.what == sold_out:
            expected = ("given_up", 0, None, "sold_out")
        assert (row.outcome, row.orders, row.sum, row.why) == expected, one.what
        assert (row.amount_minor, charges[row.payment_ref]) == (one.total.minor, 1), one.what
        assert back.get(row.payment_ref, 0) == (one.total.minor if not row.orders else 0), one.what
    assert left == dict.fromkeys(left, 0)
    assert dead_letters() == []
    assert charges.total() == CHECKOUTS
    assert verified().balanced
