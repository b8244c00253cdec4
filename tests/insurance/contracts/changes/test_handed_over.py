"""A policy changes hands by the yes of both, and its money follows."""

from datetime import timedelta

import pytest

from banking import api as bank
from banking.authorisation.approvals import service as approvals
from insurance import api as cover
from insurance.contracts.changes import errors, queries, service
from insurance.contracts.changes.queries import Progress
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.errors import PolicyUnknown
from kernel import clock as house_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import available, buy, drain, fund, make_wallet, scan
from tests.insurance.contracts.changes.changing import confirmed, now, shown


@pytest.fixture
def people(make_person, clock):
    clock("2026-06-01T09:00")
    approvals.load_reference_data(actor=SYSTEM)
    return make_person(email="ada@example.com"), make_person(email="ben@example.com")


@pytest.fixture
def policy(people):
    giver, taker = people
    make_wallet(taker.person_id)
    return buy(owner_id=giver.person_id, wallet=make_wallet(giver.person_id))


def offered(policy, giver, email="ben@example.com"):
    change = service.show_assignment(policy_id=policy.id, email=email, actor=giver)
    return service.confirm(ref=change.ref, actor=giver)


def test_a_policy_is_its_takers_once_both_said_yes(people, policy, outbox, books_agree):
    giver, taker = people

    change = offered(policy, giver)
    with reading():
        (offer,) = queries.offers_to(person_id=taker.person_id)
    done = service.accept(ref=offer.ref, actor=taker)

    after = now(policy)
    assert change.progress is Progress.OFFERED
    assert done.progress is Progress.DONE
    assert (after.policyholder_id, after.revision) == (taker.person_id, 2)
    with reading():
        assert policies.own_policy(taker, policy.number).id == policy.id
        # Who gave it still sees what was theirs, and changes nothing of it.
        assert policies.policy_for(giver, policy.number).id == policy.id
        with pytest.raises(PolicyUnknown):
            policies.own_policy(giver, policy.number)
        assert queries.offers_to(person_id=taker.person_id) == []
    assert any(event.name == "insurance.change.offered.v1" for event in outbox())


def test_what_a_claim_pays_reaches_who_holds_the_policy_now(people, policy, books_agree):
    giver, taker = people
    fund()
    service.accept(ref=offered(policy, giver).ref, actor=taker)
    scan(policy, timedelta())
    cover.choose_refunds(parcel_refs=[policy.parcel_ref], wallet_id=policy.wallet_id, actor=giver)

    cover.parcel_lost(
        parcel_ref=policy.parcel_ref, at=house_clock.now(), evidence={"event": "lost"}, actor=SYSTEM
    )
    drain()

    with reading():
        wallet = bank.wallet_for(owner_id=taker.person_id, currency="EUR")
    assert available(wallet.id) == Money.of("1128.00", "EUR")
    assert available(policy.wallet_id) == Money.of("1000.00", "EUR") - policy.total


def test_an_unknown_address_is_asked_like_a_known_one(people, policy):
    giver, _ = people

    change = offered(policy, giver, email="nobody@example.com")

    assert change.progress is Progress.OFFERED
    assert now(policy).revision == 1


def test_without_a_wallet_in_its_currency_a_policy_is_not_taken(people, make_person):
    giver, taker = people
    policy = buy(owner_id=giver.person_id, wallet=make_wallet(giver.person_id))
    change = offered(policy, giver)

    with pytest.raises(errors.WalletMissing):
        service.accept(ref=change.ref, actor=taker)
    assert now(policy).policyholder_id == giver.person_id


@pytest.mark.parametrize("who", ["giver", "stranger"])
def test_nobody_else_says_yes(people, policy, make_person, who):
    giver, _ = people
    change = offered(policy, giver)
    other = giver if who == "giver" else make_person()

    with pytest.raises(errors.ChangeUnknown):
        service.accept(ref=change.ref, actor=other)


def test_an_offer_that_was_declined_or_ran_out_is_not_taken(people, policy, clock):
    giver, taker = people
    declined, late = offered(policy, giver), offered(policy, giver)
    for _ in range(2):
        service.decline(ref=declined.ref, actor=taker)

    with pytest.raises(errors.ChangeSettled):
        service.accept(ref=declined.ref, actor=taker)
    clock("2026-06-08T09:00")
    with pytest.raises(errors.ChangeExpired):
        service.accept(ref=late.ref, actor=taker)


def test_an_offer_of_a_policy_that_changed_since_is_not_taken(people, policy):
    giver, taker = people
    change = offered(policy, giver)
    confirmed(shown(policy, value="130.00"), policy)

    with pytest.raises(errors.ChangeOvertaken):
        service.accept(ref=change.ref, actor=taker)


def test_nobody_hands_a_policy_to_themselves_or_hides_a_claim_behind_another(people, policy):
    giver, _ = people
    with pytest.raises(errors.OwnPolicy):
        offered(policy, giver, email="ada@example.com")
    scan(policy, timedelta())
    cover.parcel_lost(
        parcel_ref=policy.parcel_ref, at=house_clock.now(), evidence={"event": "lost"}, actor=SYSTEM
    )
    with pytest.raises(errors.ClaimIsOpen):
        offered(policy, giver)
