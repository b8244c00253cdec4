"""Another insurance that its holder names: what it pays comes off, and a person looks at it."""

import pytest

from insurance import api as cover
from insurance.losses.claims import asking, offsets, opening, queries
from insurance.losses.claims.noticed import Elsewhere, Noticed
from insurance.losses.claims.rules import ClaimState, Paid, PaidBy, Question
from insurance.rating.liability.queries import Cause
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import drain, fund, make_rate
from tests.insurance.losses.claims.claiming import claim_of, delivered, officer


def eur(amount):
    return Money.of(amount, "EUR")


@pytest.fixture
def policy(db, clock):
    clock("2026-06-01T09:00")
    fund()
    return delivered(level=cover.Cover.PLUS)


def notify(policy, amount, *, is_paid=True, loss="60.00", insurer="Home & Dry"):
    told = Elsewhere(insurer=insurer, amount=amount, is_paid=is_paid)
    return opening.notify(
        policy_id=policy.id,
        cause=Cause.DAMAGE,
        loss=eur(loss),
        description="Lid broken.",
        noticed=Noticed(elsewhere=told),
        actor=SYSTEM,
    )


def lines(claim):
    return [(s.what, s.amount.minor) for s in claim.sums]


def standing(claim):
    with reading():
        return [(one.by, one.amount, one.words) for one in offsets.of_claim(claim_id=claim.id)]


@pytest.mark.parametrize("is_paid", [True, False])
def test_what_another_insurance_pays_comes_off_and_stands_in_the_reasons(
    policy, is_paid, books_agree
):
    notify(policy, eur("20.00"), is_paid=is_paid)
    drain()

    claim = claim_of(policy)
    assert lines(claim) == [("loss", 6000), ("paid_by_insurance", -2000), ("payable", 4000)]
    assert standing(claim) == [(PaidBy.INSURANCE, eur("20.00"), "Home & Dry")]
    assert claim.state is ClaimState.IN_REVIEW
    assert Question.PAID_BY_NO_OTHER in {one.question for one in claim.reasons if not one.is_yes}
    with reading():
        assert queries.most_of(claim) == eur("40.00")


def test_an_insurance_that_pays_everything_leaves_nothing_and_never_less(policy, books_agree):
    notify(policy, eur("500.00"))
    drain()

    claim = claim_of(policy)
    assert lines(claim)[1] == ("paid_by_insurance", -6000)
    assert (claim.state, claim.refusal) == (ClaimState.REFUSED, Question.SOMETHING_DUE)
    assert claim.appeal_until is not None


def test_an_amount_that_nobody_knows_yet_brings_a_person_and_takes_nothing_off(policy):
    notify(policy, None, is_paid=False)
    drain()

    claim = claim_of(policy)
    assert (claim.state, claim.payable) == (ClaimState.IN_REVIEW, eur("60.00"))
    assert standing(claim) == []


def test_it_counts_at_the_rate_of_the_day_of_the_loss(policy):
    kernel_clock.freeze(policy.delivered_at)
    make_rate("USD", "1.25")

    claim = notify(policy, Money.of("25.00", "USD"))

    assert claim.payable == eur("40.00")


def test_reported_again_the_insurance_of_the_new_report_alone_comes_off(db, clock, make_person):
    clock("2026-06-01T09:00")
    fund()
    policy = delivered(level=cover.Cover.PLUS)
    claim = notify(policy, eur("20.00"))
    holder = make_person()
    asking.withdraw(claim_id=claim.id, actor=_holder_of(policy, holder))

    again = notify(policy, eur("5.00"), insurer="Card & Co")

    assert again.id == claim.id
    assert lines(again) == [("loss", 6000), ("paid_by_insurance", -500), ("payable", 5500)]
    assert standing(again) == [(PaidBy.INSURANCE, eur("5.00"), "Card & Co")]


def test_an_officer_corrects_what_a_notice_said(policy):
    claim = notify(policy, eur("20.00"))
    drain()
    with reading():
        (said,) = offsets.of_claim(claim_id=claim.id)
    judge = officer()

    offsets.remove(claim_id=claim.id, offset_id=said.id, actor=judge)
    paid = Paid(by=PaidBy.INSURANCE, amount=eur("30.00"), item=None)
    offsets.set_off(claim_id=claim.id, paid=paid, words="Letter of June 9", actor=judge)

    assert claim_of(policy).payable == eur("30.00")


def _holder_of(policy, person):
    return type(person)(person_id=policy.policyholder_id, roles=person.roles)
