"""Whoever holds cover has their programs told of what happens to it, as the document says."""

from datetime import timedelta

import pytest

from insurance import api as cover
from insurance.contracts.changes import service as changes
from insurance.losses.claims import asking, deciding, loss_notices
from insurance.losses.claims.queries import Cause
from kernel import clock as house_clock
from kernel.actor import SYSTEM, Role
from kernel.money import Money
from kernel.web import described
from tests.insurance.conftest import buy, drain, fund, make_wallet, scan


@pytest.fixture
def policy(customer):
    fund()
    return buy(owner_id=customer.person_id, wallet=make_wallet(customer.person_id))


def delivered(policy):
    scan(policy)
    at = policy.bound_at + timedelta(days=7)
    house_clock.freeze(at + timedelta(days=1))
    cover.parcel_delivered(parcel_ref=policy.parcel_ref, at=at, actor=SYSTEM)


def noticed(policy, customer):
    return loss_notices.send(
        policy_id=policy.id,
        cause=Cause.DAMAGE,
        loss=Money.of("60.00", "EUR"),
        description="The lid broke.",
        actor=customer,
    )


def test_cover_that_is_bought_carried_and_ends_is_told_step_by_step(policy, documented):
    delivered(policy)
    house_clock.freeze(policy.bound_at + timedelta(days=policy.planned_days + 30))
    drain()

    told = [kind for kind in documented.told if kind.startswith("policy.")]
    assert told[:2] == ["policy.bound", "policy.attached"]


def test_an_end_is_told_as_a_change_and_as_an_end(policy, customer, documented):
    drain()
    shown = changes.show_end(policy_id=policy.id, actor=customer)
    changes.confirm(ref=shown.ref, actor=customer)
    drain()

    told = [kind for kind in documented.told if kind.startswith("policy.")]
    assert told[0] == "policy.bound"
    assert set(told[1:]) == {"policy.changed", "policy.ended"}


def test_a_claim_is_told_from_its_notice_to_its_refusal(policy, customer, documented, make_person):
    first, second = (make_person(roles=frozenset({Role.UNDERWRITER})) for _ in range(2))
    delivered(policy)
    claim = noticed(policy, customer)
    drain()
    asking.ask(claim_id=claim.id, words="Please show the label.", actor=first)
    asking.answer(claim_id=claim.id, words="Here it is.", actor=customer)
    deciding.recommend(
        claim_id=claim.id,
        is_approval=False,
        amount=Money.zero("EUR"),
        reason="The lid was cracked before.",
        actor=first,
    )
    deciding.confirm(claim_id=claim.id, actor=second)
    drain()

    told = [kind for kind in documented.told if kind.startswith("claim.")]
    assert told == ["claim.opened", "claim.questioned", "claim.refused"]


def test_a_lost_parcel_is_told_until_its_money_is_in_the_wallet(policy, documented):
    scan(policy)
    house_clock.freeze(policy.bound_at + timedelta(days=4))
    cover.parcel_lost(
        parcel_ref=policy.parcel_ref,
        at=house_clock.now(),
        evidence={"events": ["lost"]},
        actor=SYSTEM,
    )
    drain()

    told = [kind for kind in documented.told if kind.startswith("claim.")]
    assert told == ["claim.opened", "claim.approved", "claim.paid"]


def test_a_kind_that_nobody_described_would_be_noticed(documented):
    with pytest.raises(AssertionError, match="not in the document"):
        documented.check_letter("policy.forgotten", {})
    with pytest.raises(AssertionError, match="status"):
        documented.check_letter("policy.attached", {"object": "policy", "id": "1", "revision": 1})


def test_every_kind_of_letter_is_a_webhook_of_the_document(documented):
    assert set(documented.document["webhooks"]) == set(described.letters())
