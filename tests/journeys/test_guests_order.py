"""A guest's order with its parcels, cover, claim and messages, and the account it goes into."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from insurance import api as cover
from kernel.actor import SYSTEM, Actor
from kernel.db import reading
from kernel.people.guests import service, taking
from kernel.people.identity import queries as people
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from marketplace.logistics.carriers.gateway import MischiefKind, misbehave
from marketplace.logistics.shipping.cli import settle
from tests.journeys.shopping import become, by_country, days, house_transaction, pay, to_review
from tests.market import guest_of

pytestmark = pytest.mark.journey


@pytest.fixture
def bought(market, noon, signed_in, with_money):
    """An order of a guest's: one parcel lost with a claim, the other delivered."""
    buyer, guest = signed_in("camille@example.com"), guest_of("noor@example.com")
    with_money(buyer, "500 EUR")
    group_ref = pay(to_review(market, buyer, business="Maison Perrin"), buyer)
    settle()
    found = by_country(group_ref)
    for order in found.values():
        order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    become(guest, buyer)
    settle()
    with house_transaction():
        misbehave(kind=MischiefKind.LOSE, parcel_ref=found["CN"].parcel_ref, actor=SYSTEM)
    days(44)
    return guest_of_session(guest), group_ref, found


def guest_of_session(guest: Actor) -> Actor:
    """The guest, whose first session has run out, as who followed a link of today."""
    session_id = service.enter(guest_id=guest.somebody(), device="test", address="", actor=SYSTEM)
    found = people.actor_of_session(str(session_id))
    assert found is not None
    return found


def pages(browser, group_ref, found):
    """What stands on the pages of an order, by their addresses."""
    policies = [cover.policy_for_parcel(parcel_ref=order.parcel_ref) for order in found.values()]
    numbers = [policy.number for policy in policies if policy]
    addresses = [
        f"/en/orders/{group_ref}",
        *(f"/en/cover/policies/{number}" for number in numbers),
    ]
    return {address: browser.get(address).status_code for address in addresses}


def test_an_account_has_every_page_that_the_guest_had(bought, browse, signed_in, market):
    guest, group_ref, found = bought
    lena, other = signed_in("haruka@example.com"), guest_of("other@example.com")
    with reading():
        before = pages(browse(guest), group_ref, found)
        assert len(before) > 1
        assert set(before.values()) == {200}
        assert set(pages(browse(lena), group_ref, found).values()) == {404}
        assert set(pages(browse(other), group_ref, found).values()) == {404}

    taking.take_along(guest_id=guest.person_id, person_id=lena.person_id, actor=lena)

    with reading():
        assert set(pages(browse(lena), group_ref, found).values()) == {200}
        assert orders.group_by_ref(group_ref).person_id == lena.person_id
        policy = cover.policy_for_parcel(parcel_ref=found["CN"].parcel_ref)
        assert policy.policyholder_id == lena.person_id
    of_claims = text("SELECT DISTINCT policyholder_id FROM insurance.claims WHERE policy_id = :id")
    assert market.execute(of_claims, {"id": policy.id}).scalars().all() == [lena.person_id]
