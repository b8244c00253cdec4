"""Parcels that carriers say nothing of: told after a week, waiting after twenty days."""

from datetime import timedelta

import pytest

from insurance import api as cover
from insurance.contracts.policies import queries as policies
from insurance.losses.claims import asking, queries, silence
from insurance.losses.claims.errors import ClaimTransitionRefused, ClaimUnknown
from insurance.losses.claims.rules import ClaimState
from kernel import clock as kernel_clock
from kernel import mail
from kernel.actor import SYSTEM
from kernel.db import reading
from tests.asking import says
from tests.insurance.conftest import available, buy, drain, fund, make_wallet, scan
from tests.insurance.losses.claims.claiming import balance, claim_of, lose, officer


@pytest.fixture
def holder(make_person, clock):
    clock("2026-06-01T09:00")
    fund()
    return make_person()


@pytest.fixture
def policy(holder):
    """The cover of a parcel that is on its way."""
    policy = buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id))
    scan(policy)
    return policy


def silent(policy, *, days, since=None):
    """Let so many days go by since a scan, and tell the cover."""
    since = since or policy.bound_at
    kernel_clock.freeze(since + timedelta(days=days))
    return cover.parcel_silent(
        parcel_ref=policy.parcel_ref, since=since, evidence={"place": "Anji"}, actor=SYSTEM
    )


def letters(holder, key):
    drain()
    return [one for one in mail.mailbox(recipient=holder.email) if says(one.subject, key)]


WORD, QUESTION = "No news of parcel %(ref)s for a week", "Did parcel %(ref)s arrive?"


def test_seven_silent_days_are_told_once(holder, policy):
    assert silent(policy, days=6.9) is None
    assert letters(holder, WORD) == []

    for days in (7, 8, 19):
        assert silent(policy, days=days) is None

    assert len(letters(holder, WORD)) == 1
    with reading():
        assert queries.claims_under(policy_id=policy.id) == []


def test_twenty_silent_days_open_a_claim_that_waits_for_one_tap(holder, policy, books_agree):
    for days in (20, 21):
        silent(policy, days=days)

    waiting = claim_of(policy)
    assert (waiting.state, waiting.reserve.minor) == (ClaimState.PRE_OPENED, 0)
    assert waiting.payable == policy.sum_insured
    assert len(letters(holder, QUESTION)) == 1
    assert balance("insurer_case_reserve") == 0
    with reading():
        assert not policies.policy(policy_id=policy.id).is_claim_notified, "it counts as none yet"

    silence.confirm_loss(claim_id=waiting.id, actor=holder)
    silence.confirm_loss(claim_id=waiting.id, actor=holder)
    assert claim_of(policy).state is ClaimState.PRE_OPENED, "its order gives the parcel up first"
    before = available(policy.wallet_id)
    lose(policy, days=21)
    drain()

    paid = claim_of(policy)
    assert (paid.id, paid.ref, paid.state) == (waiting.id, waiting.ref, ClaimState.PAID)
    assert available(policy.wallet_id) == before + policy.sum_insured
    with reading():
        assert [one.what for one in queries.history_of(paid.id)][::-1] == [
            "silent",
            "confirmed",
            "opened",
            "approved",
            "paid",
        ]


def test_nobody_else_gives_the_word_and_who_said_lost_does_not_say_arrived(holder, policy):
    claim = silent(policy, days=20)
    for word in (silence.confirm_loss, silence.say_arrived, asking.withdraw):
        with pytest.raises(ClaimUnknown):
            word(claim_id=claim.id, actor=officer())
    silence.confirm_loss(claim_id=claim.id, actor=holder)
    with pytest.raises(ClaimTransitionRefused):
        silence.say_arrived(claim_id=claim.id, actor=holder)


def test_a_parcel_that_moves_again_closes_what_silence_found_until_it_is_silent_again(
    holder, policy
):
    claim = silent(policy, days=20)
    cover.parcel_heard(parcel_ref=policy.parcel_ref, at=policy.bound_at, actor=SYSTEM)
    assert claim_of(policy).state is ClaimState.PRE_OPENED, "that scan is the one before"

    moved_at = kernel_clock.now()
    cover.parcel_heard(parcel_ref=policy.parcel_ref, at=moved_at, actor=SYSTEM)

    assert claim_of(policy).state is ClaimState.WITHDRAWN
    with reading():
        assert cover.silent_parcels() == []
    silent(policy, days=19, since=moved_at)
    assert claim_of(policy).state is ClaimState.WITHDRAWN
    again = silent(policy, days=20, since=moved_at)
    assert (again.id, again.state) == (claim.id, ClaimState.PRE_OPENED)
    assert len(letters(holder, QUESTION)) == 2


def test_who_said_that_it_arrived_is_not_asked_again_of_the_same_silence(holder, policy):
    claim = silent(policy, days=20)
    silence.say_arrived(claim_id=claim.id, actor=holder)

    silent(policy, days=25)

    assert claim_of(policy).state is ClaimState.WITHDRAWN
    assert len(letters(holder, QUESTION)) == 1


def test_what_the_carrier_loses_needs_no_tap_whatever_was_said_before(holder, policy, books_agree):
    claim = silent(policy, days=20)
    silence.say_arrived(claim_id=claim.id, actor=holder)

    lose(policy, days=25)
    drain()

    assert claim_of(policy).state is ClaimState.PAID


def test_silence_of_a_parcel_that_is_not_insured_against_loss_or_not_on_its_way_is_no_news(
    holder, policy
):
    cover.parcel_delivered(parcel_ref=policy.parcel_ref, at=policy.bound_at, actor=SYSTEM)
    assert silent(policy, days=20) is None
    unsent = buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id))
    assert silent(unsent, days=20) is None
    assert (
        cover.parcel_silent(
            parcel_ref="P-none", since=kernel_clock.now(), evidence={}, actor=SYSTEM
        )
        is None
    )
