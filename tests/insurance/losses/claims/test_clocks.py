"""A claim is promised times for confirmation, answer and payment, and says what is late."""

from datetime import UTC, date, datetime, timedelta

import pytest

from insurance.losses.claims import asking, deciding, jobs, queries, waiting
from insurance.losses.claims.clocks import Step
from kernel import clock as kernel_clock
from kernel.actor import Actor, Role
from kernel.db import reading
from kernel.money import Money
from tests.insurance.conftest import drain, fund
from tests.insurance.losses.claims.claiming import delivered, notify, officer

READER = Actor(person_id=None, roles=frozenset({Role.UNDERWRITER}))


def promised(claim):
    with reading():
        found = waiting.clocks_of(queries.claim_for(READER, claim.ref))
    return {one.step: one for one in found}


def later(**time):
    kernel_clock.freeze(kernel_clock.now() + timedelta(**time))


def at(text):
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


def refused_and_appealed(claim):
    drain()
    deciding.recommend(
        claim_id=claim.id,
        is_approval=False,
        amount=Money.zero("EUR"),
        reason="The lid was cracked before.",
        actor=officer(),
    )
    deciding.confirm(claim_id=claim.id, actor=officer())
    holder = Actor(person_id=claim.policyholder_id, roles=frozenset())
    deciding.appeal(claim_id=claim.id, words="It was whole.", actor=holder)


@pytest.fixture
def claim(db, clock):
    clock("2026-06-01T09:00")
    return notify(delivered())


def test_it_is_confirmed_within_the_hour_and_late_after_it(claim):
    assert promised(claim)[Step.CONFIRM].by == claim.opened_at + timedelta(hours=1)
    later(hours=1)
    assert not promised(claim)[Step.CONFIRM].is_late
    later(seconds=1)
    assert promised(claim)[Step.CONFIRM].is_late
    drain()
    confirmed = promised(claim)[Step.CONFIRM]
    assert (confirmed.done_at, confirmed.is_late) == (kernel_clock.now(), True)


def test_the_answer_is_promised_stands_still_for_a_question_and_begins_anew(claim):
    drain()
    assert promised(claim)[Step.ANSWER].by == claim.opened_at + timedelta(days=5)
    asking.ask(claim_id=claim.id, words="Which side?", actor=officer())
    assert Step.ANSWER not in promised(claim)
    later(days=3)
    holder = Actor(person_id=claim.policyholder_id, roles=frozenset())
    asking.answer(claim_id=claim.id, words="The left one.", actor=holder)
    assert promised(claim)[Step.ANSWER].by == kernel_clock.now() + timedelta(days=5)
    later(days=5, seconds=1)
    assert promised(claim)[Step.ANSWER].is_late


def test_what_is_approved_is_promised_its_payment_and_the_desk_says_what_is_late(claim):
    drain()
    deciding.recommend(
        claim_id=claim.id,
        is_approval=True,
        amount=Money.of("60", "EUR"),
        reason="Seen.",
        actor=officer(),
    )
    deciding.confirm(claim_id=claim.id, actor=officer())
    decided = kernel_clock.now()
    drain()
    assert promised(claim)[Step.PAY].by == decided + timedelta(days=5)
    with reading():
        (waits,) = waiting.queue()
    assert (waits.due_by, waits.is_late) == (decided + timedelta(days=5), False)
    later(days=6)
    assert promised(claim)[Step.PAY].is_late
    assert promised(claim)[Step.ANSWER].done_at == decided

    fund()
    jobs.pay_waiting_claims()
    paid = promised(claim)[Step.PAY]
    assert (paid.done_at, paid.is_late) == (kernel_clock.now(), True)


@pytest.fixture
def christmas(db, clock):
    """A claim of Friday 18 December, 14:00 where the office is."""
    clock("2026-12-10T13:00")
    return notify(delivered())


def test_an_answer_is_promised_in_days_on_which_the_office_works(christmas):
    drain()
    assert christmas.opened_at == at("2026-12-18T13:00")
    assert promised(christmas)[Step.ANSWER].by == at("2026-12-28T13:00")
    with reading():
        (waits,) = waiting.queue()
        file = queries.claim_for(READER, christmas.ref)
        assert waiting.answered_by(file) == date(2026, 12, 28)
    assert (waits.due_on, waits.is_late) == (date(2026, 12, 28), False)

    kernel_clock.freeze(at("2026-12-28T13:00") + timedelta(seconds=1))
    assert promised(christmas)[Step.ANSWER].is_late
    with reading():
        (waits,) = waiting.queue()
    assert waits.is_late


def test_an_appeal_is_answered_within_fifteen_of_them(christmas):
    refused_and_appealed(christmas)

    # 25 December, 26 December and 1 January rest, as do three weekends.
    assert promised(christmas)[Step.ANSWER].by == at("2027-01-12T13:00")


def test_an_appeal_of_before_is_answered_like_its_claim(claim):
    refused_and_appealed(claim)

    assert promised(claim)[Step.ANSWER].by == kernel_clock.now() + timedelta(days=5)


def test_a_payment_is_promised_in_days_of_the_calendar(christmas):
    drain()
    deciding.recommend(
        claim_id=christmas.id,
        is_approval=True,
        amount=Money.of("60", "EUR"),
        reason="Seen.",
        actor=officer(),
    )
    deciding.confirm(claim_id=christmas.id, actor=officer())

    assert promised(christmas)[Step.PAY].by == kernel_clock.now() + timedelta(days=5)
