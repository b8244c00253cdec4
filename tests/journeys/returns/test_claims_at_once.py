"""A claim that is confirmed and a return that is refunded in the same moment: one of them pays.

Both take the policy before any money and keep it until they end, so whoever comes second sees what
the first has done: the officer what is left, the seller that the cover will pay.
"""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest

from banking import api as bank
from insurance import api as cover
from insurance.losses.claims import deciding, opening
from insurance.losses.claims import queries as claims
from insurance.losses.claims.errors import AmountOverSumInsured
from kernel import clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading, transaction
from kernel.errors import HouseError
from kernel.ids import new_id
from kernel.money import Money
from marketplace.aftersales.returns import queries, service
from marketplace.aftersales.returns.outcomes import preview_for
from marketplace.aftersales.returns.rules import Reason, State
from marketplace.buying.orders import queries as orders
from marketplace.buying.orders import service as order_service
from tests.banking.bank_objects import outcomes
from tests.insurance import conftest as insured
from tests.journeys.racing import make_buyer, open_house
from tests.journeys.shopping import pay
from tests.marketplace.makers import make_offer

pytestmark = pytest.mark.journey

LOSS = Money(1_000, "JPY")


@pytest.fixture
def story(own_database):
    """A broken teapot on its way back, of whose damage one officer says that it is to be paid.

    Returns what its seller does, what the second officer does, the return, and the claim.
    """
    clock.freeze(datetime(2026, 11, 25, 3, tzinfo=UTC))
    open_house()
    made = make_offer(stock=1, price=Money(1111, "JPY"))
    buyer = make_buyer(made.offer_id, 0)
    group = pay(buyer.review(), buyer.actor)
    with reading():
        (order,) = orders.group_by_ref(group).orders
    policy = insured.buy(
        parcel_ref=order.parcel_ref,
        owner_id=buyer.actor.person_id,
        wallet=buyer.wallet,
        currency="JPY",
        value="1111",
        freight="0",
    )
    order_service.dispatch(order_ref=order.ref, actor=SYSTEM)
    insured.scan(policy, clock.now() - policy.bound_at)
    order_service.note_delivered(parcel_ref=order.parcel_ref, at=clock.now(), actor=SYSTEM)
    ref = sent_back(order, buyer.actor)
    claim = opening.notify(
        policy_id=policy.id, cause=cover.Cause.DAMAGE, loss=LOSS, description="", actor=SYSTEM
    )
    deciding.decide(claim_id=claim.id, actor=SYSTEM)
    deciding.recommend(
        claim_id=claim.id, is_approval=True, amount=LOSS, reason="Seen.", actor=officer()
    )
    seller = Actor(
        person_id=new_id(),
        roles=frozenset({Role.VENDOR}),
        label="seller",
        organisation_ids=frozenset({made.vendor.organisation_id}),
    )
    checker = officer()
    return (
        lambda: service.receive(ref=ref, restock=False, actor=seller),
        lambda: deciding.confirm(claim_id=claim.id, actor=checker),
        ref,
        claim,
    )


def sent_back(order, buyer):
    pieces = {line.id: line.quantity for line in order.lines}
    with reading():
        seen = preview_for(buyer, order.ref, reason=Reason.DAMAGED, pieces=pieces).parts.total
    ref = service.send_back(
        order_ref=order.ref,
        reason=Reason.DAMAGED,
        pieces=pieces,
        note="A crack.",
        expected=seen,
        actor=buyer,
    )
    service.note_sent(ref=ref, carrier="", tracking_number="", actor=buyer)
    return ref


def officer():
    return Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))


def second_waits(first, second):
    """Do the first and, before it is kept, the second, which waits; return its refusal."""
    refusals: list[HouseError] = []

    def follow():
        try:
            second()
        except HouseError as refusal:
            refusals.append(refusal)

    thread = threading.Thread(target=follow)
    with transaction(name="test", actor=SYSTEM):
        first()
        thread.start()
        thread.join(0.5)
        assert thread.is_alive()
    thread.join(30)
    return type(refusals[0]) if refusals else None


def states(ref, claim):
    with reading():
        return queries.by_ref(ref).state, claims.claim(claim_id=claim.id).state


def test_a_refund_waits_for_the_claim_that_is_confirmed_and_is_refused(story):
    receive, confirm, ref, claim = story
    assert second_waits(confirm, receive) is bank.AlreadyCompensated
    assert states(ref, claim) == (State.SENT, cover.ClaimState.APPROVED)


def test_a_confirmation_waits_for_the_refund_and_is_refused(story):
    receive, confirm, ref, claim = story
    assert second_waits(receive, confirm) is AmountOverSumInsured
    assert states(ref, claim) == (State.SETTLED, cover.ClaimState.RECOMMENDED)


def test_of_both_in_the_same_moment_one_is_done(story):
    receive, confirm, ref, claim = story
    found = outcomes(2, lambda number: receive() if number else confirm())

    refused = [type(one) for one in found if isinstance(one, BaseException)]
    if refused == [bank.AlreadyCompensated]:
        assert states(ref, claim) == (State.SENT, cover.ClaimState.APPROVED)
    else:
        assert refused == [AmountOverSumInsured]
        assert states(ref, claim) == (State.SETTLED, cover.ClaimState.RECOMMENDED)
    with reading():
        assert bank.verify_ledger().balanced
