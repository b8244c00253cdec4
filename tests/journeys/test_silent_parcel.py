"""A parcel that falls silent on its way to a business: one tap gives it up, and it is paid."""

from datetime import timedelta

import pytest

from insurance import api as cover
from insurance.losses.claims import silence
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.jobs import drain
from marketplace.aftersales.tracking import jobs as tracking
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.logistics.carriers.gateway import Scan
from marketplace.logistics.carriers.rules.tracking import ParcelState
from marketplace.logistics.shipping import queries as shipping
from marketplace.logistics.shipping import service as shipping_service
from marketplace.logistics.shipping.cli import settle
from tests.journeys.shopping import by_country, pay, to_review


@pytest.fixture
def buyer(market, noon, signed_in, with_money):
    actor = signed_in("camille@example.com")
    with_money(actor, "5000 EUR")
    return actor


def scanned(pot, key, state):
    shipping_service.record_tracking(
        parcel_ref=pot.parcel_ref,
        actor=SYSTEM,
        scan=Scan(key=key, raw_code=key, state=state, at=house_clock.now(), place="Jingdezhen"),
    )
    drain()


def on_its_way(market, buyer):
    pot = by_country(pay(to_review(market, buyer, business="Maison Perrin"), buyer))["CN"]
    order_service.dispatch(order_ref=pot.ref, actor=SYSTEM)
    settle()
    scanned(pot, "1", ParcelState.ACCEPTED)
    return pot


def silent_days(number):
    house_clock.freeze(house_clock.now() + timedelta(days=number))
    tracking.hear_silence()
    drain()


def claims(buyer):
    with reading():
        return cover.claims_of(owner_id=buyer.person_id)


def test_a_silent_parcel_is_given_up_by_one_tap_and_its_buyer_is_paid(market, buyer):
    pot = on_its_way(market, buyer)
    silent_days(19)
    assert claims(buyer) == []
    silent_days(1)
    (waiting,) = claims(buyer)
    with reading():
        assert orders.by_ref(pot.ref).state == "in_transit"

    silence.confirm_loss(claim_id=waiting.id, actor=buyer)
    drain()

    (paid,) = claims(buyer)
    assert (paid.id, paid.state) == (waiting.id, "paid")
    with reading():
        assert orders.by_ref(pot.ref).state == "indemnified"
        assert shipping.parcel(parcel_ref=pot.parcel_ref).lost_at is not None


def test_what_nobody_confirms_is_never_paid(market, buyer):
    on_its_way(market, buyer)
    for days in (20, 10, 60):
        silent_days(days)

    (waiting,) = claims(buyer)
    assert (waiting.state, waiting.reserve.minor) == ("pre_opened", 0)


def test_a_parcel_that_comes_while_its_claim_waits_leaves_nothing_to_claim(market, buyer):
    pot = on_its_way(market, buyer)
    silent_days(20)
    scanned(pot, "2", ParcelState.DELIVERED)

    (closed,) = claims(buyer)
    assert closed.state == "withdrawn"
    with reading():
        assert orders.by_ref(pot.ref).state == "delivered"


def test_customs_may_keep_a_parcel_without_a_word(market, buyer):
    pot = on_its_way(market, buyer)
    scanned(pot, "2", ParcelState.CUSTOMS_PRESENTED)

    silent_days(25)

    assert claims(buyer) == []
