"""Officers ask, holders answer; silence is reminded of, rests a claim and ends it; withdrawal."""

from datetime import timedelta

import pytest

from insurance import api as cover
from insurance.losses.claims import asking, deciding, jobs, offsets, opening, queries, waiting
from insurance.losses.claims.errors import (
    AnswerClosed,
    ClaimExists,
    ClaimTransitionRefused,
    ClaimUnknown,
    ClaimWindowClosed,
    OwnInterest,
)
from insurance.losses.claims.rules import ClaimState, Paid, PaidBy
from insurance.rating.liability.queries import Cause
from kernel import clock as kernel_clock
from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import available, buy, drain, fund, scan
from tests.insurance.losses.claims.claiming import (
    balance,
    claim_of,
    delivered,
    lose,
    notify,
    officer,
)
from tests.snaps import take


def holder_of(policy):
    return Actor(person_id=policy.policyholder_id, roles=frozenset({Role.BUYER}))


def asked(policy=None):
    """A damage whose holder was asked for a photograph; returns claim and holder."""
    fund()
    policy = policy or delivered()
    claim = notify(policy)
    drain()
    asking.ask(claim_id=claim.id, words="Please show the label.", actor=officer())
    return claim, holder_of(policy)


def notify_again(policy_id, holder, *, loss):
    return opening.notify(
        policy_id=policy_id,
        cause=Cause.DAMAGE,
        loss=Money.of(loss, "EUR"),
        description="Lid and handle broken.",
        actor=holder,
    )


def state_of(claim):
    with reading():
        return queries.claim(claim_id=claim.id).state


def file_of(claim, actor):
    with reading():
        return queries.claim_for(actor, claim.ref)


def days_later(days):
    kernel_clock.freeze(kernel_clock.now() + timedelta(days=days))
    jobs.mind_questions()


def test_a_question_is_answered_with_photographs_that_stay_as_evidence(db, clock, books_agree):
    clock("2026-06-01T09:00")
    claim, holder = asked()
    (album,) = file_of(claim, holder).answer_albums
    take(queries.ALBUM, album, holder, 10)
    at = kernel_clock.now() + timedelta(days=9)
    kernel_clock.freeze(at)

    again = asking.answer(claim_id=claim.id, words="Here it is.", actor=holder)

    file = file_of(claim, holder)
    assert again.state is ClaimState.IN_REVIEW
    assert [(one.is_question, one.words) for one in file.said] == [
        (True, "Please show the label."),
        (False, "Here it is."),
    ]
    with reading():
        due = (at + timedelta(days=5)).date()
        assert waiting.answered_by(file) == due, "the officers' time begins anew"
        assert [(one.claim.id, one.due_on) for one in waiting.queue()] == [(claim.id, due)]
    with pytest.raises(AnswerClosed):
        asking.answer(claim_id=claim.id, words="And this.", actor=holder)


def test_nobody_asks_or_answers_for_others_and_no_holder_asks_themselves(db, clock):
    clock("2026-06-01T09:00")
    claim, _ = asked()
    with pytest.raises(ClaimUnknown):
        asking.answer(claim_id=claim.id, words="Mine?", actor=officer())
    other = notify(delivered())
    drain()
    with reading():
        holder = queries.claim(claim_id=other.id).policyholder_id
    with pytest.raises(OwnInterest):
        asking.ask(
            claim_id=other.id,
            words="Do I deserve it?",
            actor=Actor(person_id=holder, roles=frozenset({Role.UNDERWRITER})),
        )


def test_nothing_is_proposed_while_a_question_is_open(db, clock):
    clock("2026-06-01T09:00")
    claim, _ = asked()

    with pytest.raises(ClaimTransitionRefused):
        deciding.recommend(
            claim_id=claim.id,
            is_approval=True,
            amount=Money.of("60.00", "EUR"),
            reason="Seen.",
            actor=officer(),
        )
    with reading():
        assert waiting.queue() == []
        assert [one.id for one in waiting.waiting_for_holders()] == [claim.id]


def test_three_reminders_then_the_claim_rests_and_an_answer_brings_it_back(db, clock, books_agree):
    clock("2026-06-01T09:00")
    claim, holder = asked()
    for days in (3, 0, 4, 14, 1):
        days_later(days)
    reminded = [line for line in file_of(claim, holder).history if line.what == "reminded"]
    assert [line.facts["day"] for line in reminded] == [21, 7, 3]
    assert state_of(claim) is ClaimState.INFO_NEEDED

    days_later(8)

    assert state_of(claim) is ClaimState.LAPSED
    with reading():
        reserved = cover.case_reserves()["havre-cargo", "EUR"].minor
    assert reserved == balance("insurer_case_reserve") > 0
    days_later(300)
    asking.answer(claim_id=claim.id, words="I was away.", actor=holder)
    assert state_of(claim) is ClaimState.IN_REVIEW


def test_a_year_without_an_answer_ends_a_claim_and_gives_its_reserve_up(db, clock, books_agree):
    clock("2026-06-01T09:00")
    claim, holder = asked()
    days_later(30)
    days_later(335)
    days_later(1)

    with reading():
        ended = queries.claim(claim_id=claim.id)
    assert (ended.state, ended.refusal) == (ClaimState.REFUSED, "unanswered")
    assert balance("insurer_case_reserve") == 0
    with pytest.raises(AnswerClosed):
        asking.answer(claim_id=claim.id, words="Now?", actor=holder)


def test_a_loss_that_the_carrier_reported_goes_back_to_the_officers_without_an_answer(db, clock):
    clock("2026-06-01T09:00")
    fund()
    policy = buy(value="900.00")
    scan(policy)
    lose(policy)
    drain()
    claim = claim_of(policy)
    asking.ask(claim_id=claim.id, words="Did it come?", actor=officer())

    days_later(30)

    assert state_of(claim) is ClaimState.IN_REVIEW
    with pytest.raises(ClaimTransitionRefused):
        asking.withdraw(claim_id=claim.id, actor=holder_of(policy))


def test_a_claim_that_is_withdrawn_gives_its_reserve_up_and_pays_nothing(db, clock, books_agree):
    clock("2026-06-01T09:00")
    claim, holder = asked()
    with pytest.raises(ClaimUnknown):
        asking.withdraw(claim_id=claim.id, actor=officer())

    gone = asking.withdraw(claim_id=claim.id, actor=holder)

    assert (gone.state, gone.payable.minor) == (ClaimState.WITHDRAWN, 0)
    assert balance("insurer_case_reserve") == balance("insurer_claims_incurred") == 0
    with pytest.raises(ClaimTransitionRefused):
        asking.withdraw(claim_id=claim.id, actor=holder)


def test_a_loss_that_was_taken_back_is_reported_again_as_the_same_claim(db, clock, books_agree):
    clock("2026-06-01T09:00")
    first, holder = asked()
    policy_id = first.policy_id
    asking.withdraw(claim_id=first.id, actor=holder)

    again = notify_again(policy_id, holder, loss="40.00")

    assert (again.id, again.ref, again.state) == (first.id, first.ref, ClaimState.SUBMITTED)
    assert (again.claimed, again.payable) == (Money.of("40.00", "EUR"), Money.of("40.00", "EUR"))
    assert balance("insurer_case_reserve") == 2940  # 40.00 × 0.70 × 1.05
    told = [(line.what, line.facts) for line in file_of(first, holder).history]
    assert [what for what, _ in told] == ["opened", "withdrawn", "asked", "referred", "opened"]
    assert told[1][1] == {"claimed": 6000, "description": "Lid broken."}
    drain()
    maker, before = officer(), available(again.wallet_id)
    deciding.recommend(
        claim_id=again.id,
        is_approval=True,
        amount=Money.of("40.00", "EUR"),
        reason="Seen.",
        actor=maker,
    )
    deciding.confirm(claim_id=again.id, actor=officer())
    drain()
    assert state_of(again) is ClaimState.PAID
    assert available(again.wallet_id) == before + Money.of("40.00", "EUR")
    assert balance("insurer_case_reserve") == 0


def test_a_loss_may_be_taken_back_each_time_that_it_was_reported(db, clock, books_agree):
    clock("2026-06-01T09:00")
    claim, holder = asked()
    for _ in range(2):
        asking.withdraw(claim_id=claim.id, actor=holder)
        notify_again(claim.policy_id, holder, loss="60.00")
        drain()
    asking.withdraw(claim_id=claim.id, actor=holder)
    assert balance("insurer_case_reserve") == balance("insurer_claims_incurred") == 0


def test_what_others_paid_is_taken_off_a_loss_that_is_reported_again(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = delivered()
    claim, holder = notify(policy), holder_of(policy)
    drain()
    paid = Paid(by=PaidBy.SELLER, amount=Money.of("15.00", "EUR"), item=None)
    offsets.set_off(claim_id=claim.id, paid=paid, words="Receipt 7", actor=officer())
    asking.withdraw(claim_id=claim.id, actor=holder)

    again = notify_again(policy.id, holder, loss="40.00")

    assert again.payable == Money.of("25.00", "EUR")


def test_of_a_refused_loss_an_appeal_is_the_one_other_look(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    policy = delivered()
    claim, holder = notify(policy), holder_of(policy)
    drain()
    deciding.recommend(
        claim_id=claim.id,
        is_approval=False,
        amount=Money.of("0.00", "EUR"),
        reason="Worn before.",
        actor=officer(),
    )
    deciding.confirm(claim_id=claim.id, actor=officer())
    deciding.appeal(claim_id=claim.id, words="It was new.", actor=holder)
    asking.withdraw(claim_id=claim.id, actor=holder)

    with pytest.raises(ClaimExists):
        notify_again(policy.id, holder, loss="40.00")
    assert balance("insurer_case_reserve") == 0


def test_a_loss_that_was_taken_back_is_reported_again_within_its_days_only(db, clock):
    clock("2026-06-01T09:00")
    claim, holder = asked()
    asking.withdraw(claim_id=claim.id, actor=holder)
    kernel_clock.freeze(kernel_clock.now() + timedelta(days=30))
    with pytest.raises(ClaimWindowClosed):
        notify_again(claim.policy_id, holder, loss="40.00")
    assert state_of(claim) is ClaimState.WITHDRAWN
