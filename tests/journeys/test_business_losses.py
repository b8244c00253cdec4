"""Whose loss a parcel is that a business bought: its seller's until the carrier has it.

Source: CISG, articles 31(a) and 67(1).
"""

from __future__ import annotations

from datetime import timedelta

import pytest

from banking import api as bank
from insurance import api as cover
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies import service as policy_service
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.mail import mailbox
from kernel.money import Money
from marketplace.buying.orders import losing
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.logistics.carriers.rules.tracking import ParcelState, Scan
from marketplace.logistics.shipping import service as shipping
from marketplace.logistics.shipping.cli import settle
from tests.asking import says
from tests.journeys.shopping import by_country, pay, to_review

pytestmark = pytest.mark.journey

NAME = "Maison Perrin"


@pytest.fixture
def buyer(market, noon, signed_in, with_money):
    actor = signed_in("camille@example.com")
    with_money(actor, "500 EUR")
    return actor


def bought(market, buyer, *, cover_level=None, business=NAME):
    """A teapot and a lamp that are paid, of which the teapot is packed and goes over a border."""
    view = to_review(market, buyer, cover_level=cover_level, business=business)
    found = by_country(pay(view, buyer))
    order_service.dispatch(order_ref=found["CN"].ref, actor=SYSTEM)
    return found["CN"], found["DK"]


def take(pot):
    """Let the carrier take the teapot; its order hears of it when it likes."""
    house_clock.freeze(house_clock.now() + timedelta(hours=5))
    shipping.record_tracking(
        parcel_ref=pot.parcel_ref,
        scan=Scan(
            key="1",
            raw_code="1",
            state=ParcelState.ACCEPTED,
            at=house_clock.now(),
            place="Jingdezhen",
        ),
        actor=SYSTEM,
    )


def lose(pot):
    losing.note_lost(
        parcel_ref=pot.parcel_ref, at=house_clock.now(), evidence={"carrier": "gone"}, actor=SYSTEM
    )
    settle()


def sound(order):
    with reading():
        assert bank.escrow_of(order_ref=order.ref).remaining == Money.zero("EUR")
        assert bank.verify_ledger().balanced
        return orders.by_ref(order.ref)


def earned(order):
    """What its seller was told to have been paid for an order."""
    letters = {one.data["ref"]: one for one in mailbox() if "vendor_order_paid" in one.template}
    return letters[order.ref].data["paid"]


def test_a_business_without_cover_bears_the_loss_and_gets_duty_and_tax_back(
    market, buyer, available, browse
):
    before = available(buyer, "EUR")
    pot, lamp = bought(market, buyer)
    take(pot)
    for _ in range(2):
        lose(pot)

    border = pot.duty + pot.tax + pot.fees
    assert border
    assert available(buyer, "EUR") == before - lamp.total - pot.total + border
    assert sound(pot).state == "borne"
    assert earned(pot) == pot.vendor_net.plain()
    (letter,) = (one for one in mailbox(recipient=buyer.email) if "order_lost" in one.template)
    assert (letter.data["is_borne"], letter.data["border_back"]) == (True, True)
    page = browse(buyer).get(f"/en/orders/{pot.group_ref}")
    assert says(page, "It was bought for a business and wasn't covered, so the seller was paid.")


def test_a_consumer_never_bears_a_loss(market, buyer, available):
    before = available(buyer, "EUR")
    pot, lamp = bought(market, buyer, business=None)
    take(pot)
    lose(pot)

    assert sound(pot).state == "refunded"
    assert available(buyer, "EUR") == before - lamp.total


def test_what_the_carrier_never_took_is_its_sellers_loss(market, buyer, available):
    before = available(buyer, "EUR")
    pot, lamp = bought(market, buyer)
    lose(pot)

    assert sound(pot).state == "refunded"
    assert available(buyer, "EUR") == before - lamp.total


def test_a_borne_parcel_that_is_found_is_its_buyers_and_moves_no_money(market, buyer, available):
    pot, _ = bought(market, buyer)
    take(pot)
    lose(pot)
    settled = available(buyer, "EUR")

    at = house_clock.now() + timedelta(days=3)
    losing.note_found(parcel_ref=pot.parcel_ref, at=at, place="Lyon", actor=SYSTEM)
    order_service.note_delivered(parcel_ref=pot.parcel_ref, at=at, actor=SYSTEM)
    settle()

    assert sound(pot).state == "borne"
    assert available(buyer, "EUR") == settled


def test_a_withdrawn_cover_of_a_business_bears_like_none(market, buyer):
    pot, _ = bought(market, buyer, cover_level="TL")
    with reading():
        policy = cover.policy_for_parcel(parcel_ref=pot.parcel_ref)
        due = policies.due_refund(policies.policy(policy_id=policy.id))
    policy_service.withdraw(policy_id=policy.id, expected_refund=due.refund, actor=buyer)
    take(pot)
    lose(pot)

    assert sound(pot).state == "borne"


def test_a_business_whose_claim_is_refused_bears_the_loss(market, buyer, available):
    pot, _ = bought(market, buyer, cover_level="TL")
    before = available(buyer, "EUR")
    take(pot)
    losing.note_lost(parcel_ref=pot.parcel_ref, at=house_clock.now(), evidence={}, actor=SYSTEM)
    losing.settle_insured_loss(parcel_ref=pot.parcel_ref, is_paid=False, actor=SYSTEM)

    assert sound(pot).state == "borne"
    assert available(buyer, "EUR") == before + pot.duty + pot.tax + pot.fees
