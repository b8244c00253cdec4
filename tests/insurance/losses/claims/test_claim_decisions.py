"""Two officers decide on a claim; a refusal has its reason, and its appeal goes to others."""

from datetime import timedelta

import pytest

from insurance.losses.claims import deciding, queries
from insurance.losses.claims.errors import (
    AppealClosed,
    ClaimTransitionRefused,
    ClaimUnknown,
    DecidedBefore,
    MakerIsChecker,
    OwnInterest,
)
from insurance.losses.claims.rules import ClaimState
from kernel import clock as kernel_clock
from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import available, buy, drain, fund
from tests.insurance.losses.claims.claiming import (
    balance,
    claim_of,
    delivered,
    lose,
    notify,
    officer,
)


def reviewed(amount="54.00", *, is_approval=True):
    fund()
    policy = delivered()
    claim = notify(policy)
    drain()
    maker = officer()
    deciding.recommend(
        claim_id=claim.id,
        is_approval=is_approval,
        amount=Money.of(amount, "EUR"),
        reason="The lid was cracked before.",
        actor=maker,
    )
    return policy, claim, maker


def test_the_maker_is_never_the_checker(db, clock):
    clock("2026-06-01T09:00")
    _, claim, maker = reviewed()

    with pytest.raises(MakerIsChecker):
        deciding.confirm(claim_id=claim.id, actor=maker)
    with reading():
        assert queries.claim(claim_id=claim.id).state is ClaimState.RECOMMENDED


def test_nobody_decides_on_their_own_claim(db, clock):
    clock("2026-06-01T09:00")
    policy, claim, _ = reviewed()
    holder = Actor(person_id=policy.policyholder_id, roles=frozenset({Role.UNDERWRITER}))

    with pytest.raises(OwnInterest):
        deciding.confirm(claim_id=claim.id, actor=holder)


def test_the_second_officer_puts_the_proposal_into_force(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy, claim, _ = reviewed("54.00")
    before = available(policy.wallet_id)

    deciding.confirm(claim_id=claim.id, actor=officer())
    drain()

    paid = claim_of(policy)
    assert paid.state is ClaimState.PAID
    assert available(policy.wallet_id) == before + Money.of("54.00", "EUR")
    assert [(s.what, s.amount.minor) for s in paid.sums] == [
        ("loss", 6000),
        ("officer", -600),
        ("payable", 5400),
    ]


def test_a_refusal_gives_the_reserve_up_and_keeps_the_officers_words(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy, claim, _ = reviewed("0.00", is_approval=False)

    deciding.confirm(claim_id=claim.id, actor=officer())

    refused = claim_of(policy)
    assert (refused.state, refused.refusal) == (
        ClaimState.REFUSED,
        "The lid was cracked before.",
    )
    assert balance("insurer_case_reserve") == 0
    assert balance("insurer_claims_incurred") == 0


def refused():
    """A damage that two officers refused; returns policy, claim, holder, maker and checker."""
    policy, claim, maker = reviewed("0.00", is_approval=False)
    checker = officer()
    deciding.confirm(claim_id=claim.id, actor=checker)
    holder = Actor(person_id=policy.policyholder_id, roles=frozenset({Role.BUYER}))
    return policy, claim_of(policy), holder, maker, checker


def propose(claim, actor, *, is_approval=True, amount="60.00"):
    return deciding.recommend(
        claim_id=claim.id,
        is_approval=is_approval,
        amount=Money.of(amount, "EUR"),
        reason="The picture shows it.",
        actor=actor,
    )


def test_an_appeal_goes_to_officers_who_did_not_propose_the_refusal_and_is_paid(
    db, clock, books_agree
):
    clock("2026-06-01T09:00")
    policy, claim, holder, maker, checker = refused()
    before = available(policy.wallet_id)

    again = deciding.appeal(claim_id=claim.id, words="The second picture shows it.", actor=holder)

    assert (again.state, again.refusal, again.payable.minor) == (ClaimState.IN_REVIEW, None, 6000)
    assert again.appeal.words == "The second picture shows it."
    assert balance("insurer_case_reserve") == again.reserve.minor > 0
    with pytest.raises(DecidedBefore):
        propose(claim, maker)
    propose(claim, checker)
    with pytest.raises(DecidedBefore):
        deciding.confirm(claim_id=claim.id, actor=maker)
    deciding.confirm(claim_id=claim.id, actor=officer())
    drain()
    assert claim_of(policy).state is ClaimState.PAID
    assert available(policy.wallet_id) == before + Money.of("60.00", "EUR")
    assert balance("insurer_case_reserve") == 0


def test_a_second_refusal_gives_the_reserve_up_again_and_is_the_last_word(db, clock, books_agree):
    clock("2026-06-01T09:00")
    policy, claim, holder, _, checker = refused()
    deciding.appeal(claim_id=claim.id, words="Look again.", actor=holder)
    propose(claim, checker, is_approval=False, amount="0.00")
    deciding.confirm(claim_id=claim.id, actor=officer())

    assert balance("insurer_case_reserve") == 0
    assert balance("insurer_claims_incurred") == 0
    assert claim_of(policy).appeal_until is None
    with pytest.raises(AppealClosed):
        deciding.appeal(claim_id=claim.id, words="And again.", actor=holder)


def test_an_appeal_comes_from_the_holder_within_thirty_days(db, clock):
    clock("2026-06-01T09:00")
    _, claim, holder, _, _ = refused()
    with pytest.raises(ClaimUnknown):
        deciding.appeal(claim_id=claim.id, words="Mine?", actor=officer())
    kernel_clock.freeze(claim.appeal_until + timedelta(seconds=1))
    with pytest.raises(AppealClosed):
        deciding.appeal(claim_id=claim.id, words="Too late.", actor=holder)


def test_what_the_carrier_reported_is_settled_by_its_order_and_not_appealed(db, clock):
    clock("2026-06-01T09:00")
    fund()
    policy = buy()
    clock("2026-06-10T09:00")
    lose(policy)
    drain()

    assert claim_of(policy).state is ClaimState.REFUSED
    assert claim_of(policy).appeal_until is None


def test_a_proposal_sent_back_can_be_made_anew_by_anybody(db, clock):
    clock("2026-06-01T09:00")
    _, claim, maker = reviewed()
    second = officer()

    back = deciding.send_back(claim_id=claim.id, actor=second)
    assert (back.state, back.proposal) == (ClaimState.IN_REVIEW, None)
    deciding.recommend(
        claim_id=claim.id,
        is_approval=True,
        amount=Money.of("60.00", "EUR"),
        reason="Photo seen.",
        actor=second,
    )
    assert deciding.confirm(claim_id=claim.id, actor=maker).state is ClaimState.APPROVED


def test_a_decided_claim_takes_no_further_proposal(db, clock):
    clock("2026-06-01T09:00")
    _, claim, _ = reviewed()
    deciding.confirm(claim_id=claim.id, actor=officer())

    with pytest.raises(ClaimTransitionRefused):
        deciding.recommend(
            claim_id=claim.id,
            is_approval=False,
            amount=Money.zero("EUR"),
            reason="No.",
            actor=officer(),
        )
