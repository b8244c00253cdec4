"""Random baskets, paid by whatever pays: what each order costs sums to what was charged.

RANDOM_BASKETS says how many; `make soak` fills a thousand.
"""

from __future__ import annotations

import os
import random
from collections import defaultdict

import pytest
from paying_by_card import BY_CARD, card_of, complete, page_of
from sqlalchemy import text

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from banking.cards.card_topups.rules import to_network
from kernel.actor import ANONYMOUS, SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money, exponent, total
from kernel.people.guests import service as guests
from kernel.people.identity import service as identity
from marketplace.buying.buyers.service import NewAddress
from marketplace.buying.cart import service as cart
from marketplace.buying.checkout import queries as checkouts
from marketplace.buying.checkout import service as checkout
from marketplace.buying.checkout.errors import NotBuyable, NothingFits
from marketplace.buying.checkout.service import BY_WALLET, Kind, Means
from marketplace.buying.orders import queries as orders
from tests.banking.bank_objects import make_customer, verified
from tests.journeys.shopping import open_information
from tests.market import give_money

pytestmark = pytest.mark.journey

BASKETS = int(os.environ.get("RANDOM_BASKETS", "40"))
# So many share a market: its stock lasts, and nothing of it is written down.
PART = 40
HOMES = (
    ("FR", "Lyon", "69002", ""),
    ("DE", "Freiburg", "79098", ""),
    ("GB", "Leeds", "LS1 4DY", ""),
    ("JP", "Shibuya-ku", "150-0001", "Tokyo"),
    ("US", "Portland", "97209", "OR"),
    ("CH", "Bern", "3011", ""),
)
SHELVES = text(
    "SELECT o.vendor_id, o.id FROM marketplace.offer o"
    " JOIN marketplace.stock_level s ON s.offer_id = o.id"
    " WHERE o.status = 'listed' AND s.on_hand - s.reserved - s.allocated >= 3 ORDER BY o.id"
)
# What left whoever paid for a group of orders, and what came into the escrows of these.
MOVED = text(
    "SELECT count(DISTINCT j.id) AS journals,"
    " -sum(e.amount) FILTER (WHERE a.kind IN ('wallet', 'purchase_clearing')) AS paid,"
    " sum(e.amount) FILTER (WHERE a.kind = 'escrow') AS kept"
    " FROM banking.journals j JOIN banking.entries e ON e.journal_id = j.id"
    " JOIN banking.ledger_accounts a ON a.id = e.account_id"
    " WHERE j.kind = 'escrow_funded' AND j.subject = :group"
)


def home(chance):
    country, city, postcode, region = chance.choice(HOMES)
    return NewAddress(
        name="Noor Aziz",
        lines=("1 Main Street",),
        city=city,
        postcode=postcode,
        region=region,
        country=country,
        phone="+33612345678",
    )


def guest(number):
    return guests.open_guest(
        email=f"{new_id().hex}@example.com",
        name="Noor Aziz",
        locale="en",
        country="FR",
        device="test",
        address=f"10.{number // 200}.{number % 200}.1",
        actor=ANONYMOUS,
    )


def known_person():
    email = f"{new_id().hex}@example.com"
    person_id = identity.register(
        email=email,
        password="harbour lantern 1852",
        name="Noor Aziz",
        locale="en",
        country="FR",
        actor=SYSTEM,
    )
    owner = make_customer(owner_id=person_id)
    return Actor(person_id=owner, roles=frozenset({Role.BUYER}), label="buyer", email=email)


def basket_of(chance, shelves, actor, currency):
    """Put one to three pieces from one to five shops into a cart."""
    cart_id = None
    for vendor_id in chance.sample(sorted(shelves), chance.randint(1, 5)):
        for offer_id in chance.sample(shelves[vendor_id], min(len(shelves[vendor_id]), 2)):
            cart_id = cart.add_line(
                cart_id=cart_id,
                offer_id=offer_id,
                quantity=chance.randint(1, 3),
                seen=Money(1, currency),
                actor=actor,
            )
    return checkout.Basket(
        cart_id=cart_id, is_alone=False, locale="en", country="FR", currency=currency
    )


def shown(chance, basket, actor):
    """Go to the page that pays, with whatever way and cover chance chooses; None: nothing fits."""
    try:
        ref = checkout.begin(basket=basket, address=home(chance), actor=actor)
    except (NothingFits, NotBuyable):
        return None
    with reading():
        view = checkouts.checkout_for(actor, ref)
    checkout.choose(
        ref=ref,
        options={p.vendor.id: chance.choice(p.options).code for p in view.parcels},
        covers={
            p.vendor.id: checkout.Choice(chance.choice(p.levels).cover.value, with_delay=False)
            for p in view.parcels
            if p.levels and chance.random() < 0.5
        },
        actor=actor,
    )
    open_information(ref, actor)
    with reading():
        return checkouts.checkout_for(actor, ref)


def means_for(chance, kind, due, actor):
    """Return how to pay, with as much in the wallet as that takes."""
    if kind == "card":
        return BY_CARD
    share = due
    if kind == "both":
        step = 10 if exponent(due.currency) == 3 else 1
        share = Money(chance.randrange(step, due.minor, step), due.currency)
    give_money(actor, f"{share.amount} {share.currency}")
    return BY_WALLET if kind == "wallet" else Means(kind=Kind.BOTH, share=share)


def paid(view, means, actor, network, number):
    asked = {"ref": view.ref, "expected": view.total, "means": means, "actor": actor}
    found = checkout.pay(**asked)
    if found.approval_id is not None:
        approvals.give(approval_id=found.approval_id, method="totp", actor=actor)
        found = checkout.pay(**asked)
    if found.group_ref:
        return found.group_ref
    network.pay(page_of(found.payment_id), number=card_of(number))
    bank.settle_purchase(payment_id=found.payment_id)
    return complete(found.payment_id)


def left_of(actor, currency):
    with reading():
        wallet = bank.wallet_for(owner_id=actor.person_id, currency=currency)
    return wallet.available.minor if wallet else 0


def charged(group, network):
    """Return what the network charged for a group of orders."""
    if group.payment_id is None:
        return []
    with reading():
        known_as = bank.purchase(payment_id=group.payment_id).payment.payment_ref
    return [one["amount"] for one in network.charges() if one["payment_intent"] == known_as]


def buy(number, market, shelves, currencies, network):
    """Fill, show and pay one basket, and compare; return what it was."""
    chance = random.Random(number)
    currency, kind = currencies[number % len(currencies)], chance.choice(["card", "wallet", "both"])
    is_guest = kind == "card" and chance.random() < 0.7
    actor = guest(number) if is_guest else known_person()
    view = None
    while view is None:  # an address may take nothing of a basket
        view = shown(chance, basket_of(chance, shelves, actor, currency), actor)
    means = means_for(chance, kind, view.total, actor)

    group_ref = paid(view, means, actor, network, number)

    with reading():
        group = orders.group_by_ref(group_ref)
    moved = market.execute(MOVED, {"group": group_ref}).one()
    by_wallet = view.total.minor if kind == "wallet" else (means.share.minor if means.share else 0)
    by_card = to_network(view.total - Money(by_wallet, currency)) if kind != "wallet" else 0
    parts = [order.total for order in group.orders]
    assert total([*parts, group.premium], currency) == group.total == view.total
    assert [part.minor for part in parts] == [p.parts.total.minor for p in view.parcels]
    assert (moved.journals, moved.paid) == (1, view.total.minor)
    assert moved.kept == sum(part.minor for part in parts)
    assert charged(group, network) == ([by_card] if by_card else [])
    assert left_of(actor, currency) == 0
    return kind, "guest" if is_guest else "person", len(parts), currency


@pytest.mark.parametrize("part", range(-(-BASKETS // PART)))
def test_what_orders_cost_sums_to_what_was_charged(market, noon, network, part):
    shelves = defaultdict(list)
    for vendor_id, offer_id in market.execute(SHELVES):
        shelves[vendor_id].append(offer_id)
    with reading():
        rates = bank.rates_on()
    currencies = [one for one in bank.WALLET_CURRENCIES if one == "EUR" or rates.knows(one)][:12]
    assert len(currencies) == 12
    numbers = range(part * PART, min(part * PART + PART, BASKETS))

    told = [buy(number, market, shelves, currencies, network) for number in numbers]

    assert verified().balanced
    assert len(network.charges()) == sum(one[0] != "wallet" for one in told)
    if len(numbers) == PART:
        assert {one[0] for one in told} == {"card", "wallet", "both"}
        assert {one[1] for one in told} == {"guest", "person"}
        assert {one[2] for one in told} >= {1, 2, 3, 4}
        assert {one[3] for one in told} == set(currencies)
