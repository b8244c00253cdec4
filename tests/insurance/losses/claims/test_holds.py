"""What is held is looked into within a working day, held for fifteen, and never refused by it."""

from datetime import UTC, date, datetime, timedelta

import pytest

from insurance import api as cover
from insurance.losses.claims import deciding, holding, jobs, queries, waiting
from insurance.losses.claims.clocks import Step
from insurance.losses.claims.errors import OwnInterest
from insurance.losses.claims.rules import ClaimState, LeftHold
from insurance.rating.liability.queries import Cause
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.money import Money
from tests.asking import says
from tests.insurance.conftest import buy, drain, fund, make_wallet, scan
from tests.insurance.losses.claims.claiming import notify, officer

READER = Actor(person_id=None, roles=frozenset({Role.UNDERWRITER}))


def delivered_to(owner_id, day):
    kernel_clock.freeze(kernel_clock.now() + timedelta(days=1))
    bought = buy(owner_id=owner_id, wallet=make_wallet(owner_id), level=cover.Cover.PLUS)
    scan(bought)
    kernel_clock.freeze(day)
    return cover.parcel_delivered(parcel_ref=bought.parcel_ref, at=day, actor=SYSTEM)


def held(owner_id=None, *, on="2026-12-18T13:00"):
    """The fourth loss of a holder within a few days, a theft of all of it right after delivery."""
    fund()
    owner, day = owner_id or new_id(), datetime.fromisoformat(on).replace(tzinfo=UTC)
    kernel_clock.freeze(day - timedelta(days=12))
    policies = [delivered_to(owner, day - timedelta(days=4 - place)) for place in range(4)]
    kernel_clock.freeze(day)
    for policy in policies[:3]:
        notify(policy, loss="20.00")
    claim = notify(policies[3], cause=Cause.THEFT, loss=str(policies[3].sum_insured.amount))
    drain()
    return seen(claim)


def seen(claim):
    with reading():
        return queries.claim(claim_id=claim.id)


def file_of(claim):
    return queries.claim_for(READER, claim.ref)


def happened(claim):
    with reading():
        return [line.what for line in queries.history_of(claim.id)]


def mind_at(text):
    kernel_clock.freeze(datetime.fromisoformat(text).replace(tzinfo=UTC))
    jobs.mind_holds()


def promised(claim):
    with reading():
        return {one.step: one for one in waiting.clocks_of(file_of(claim))}


@pytest.fixture
def claim(db, clock):
    clock("2026-12-03T09:00")
    found = held()
    assert found.state is ClaimState.ON_HOLD
    return found


def test_it_is_promised_a_look_and_an_end_but_no_answer_yet(claim):
    clocks = promised(claim)
    assert clocks[Step.LOOK].by == datetime(2026, 12, 21, 13, tzinfo=UTC)
    assert clocks[Step.GO_ON].by == datetime(2027, 1, 12, 13, tzinfo=UTC)
    assert Step.ANSWER not in clocks
    with reading():
        assert waiting.answered_by(file_of(claim)) is None
        waits = next(one for one in waiting.queue() if one.claim.id == claim.id)
    assert waits.due_on == date(2026, 12, 21)

    kernel_clock.freeze(kernel_clock.now() + timedelta(hours=3))
    holding.look_into_hold(claim_id=claim.id, words="The courier's photograph.", actor=officer())
    assert promised(claim)[Step.LOOK].done_at == kernel_clock.now()
    with reading():
        waits = next(one for one in waiting.queue() if one.claim.id == claim.id)
    assert waits.due_on == date(2027, 1, 12)


def test_what_nobody_looks_into_goes_to_the_lead_once_and_on_to_its_review_at_the_end(claim):
    mind_at("2026-12-21T13:00")
    assert "lead_told" not in happened(claim)
    for hour in ("13:10", "13:20"):
        mind_at(f"2026-12-21T{hour}")
        assert (happened(claim).count("lead_told"), seen(claim).state) == (1, ClaimState.ON_HOLD)
    with reading():
        assert next(one for one in waiting.queue() if one.claim.id == claim.id).is_at_lead

    mind_at("2027-01-12T13:00")
    assert seen(claim).state is ClaimState.ON_HOLD
    mind_at("2027-01-12T13:10")
    assert seen(claim).state is ClaimState.IN_REVIEW
    assert happened(claim)[0] == "hold_ended"
    assert happened(claim).count("lead_told") == 1
    with reading():
        assert holding.left_hold(file_of(claim)) is LeftHold.UNOPENED
    # Its review has the days of any other from here on.
    assert promised(claim)[Step.ANSWER].by == datetime(2027, 1, 19, 13, 10, tzinfo=UTC)


def test_what_is_looked_into_may_stay_held_and_ends_with_the_lead_told(claim):
    holding.look_into_hold(claim_id=claim.id, words="The courier's photograph.", actor=officer())
    mind_at("2026-12-22T13:00")
    assert "lead_told" not in happened(claim)

    mind_at("2027-01-12T13:10")
    assert happened(claim)[:2] == ["hold_ended", "lead_told"]
    with reading():
        assert holding.left_hold(file_of(claim)) is LeftHold.SO_LONG


def test_a_hold_that_ended_is_paid_like_any_other_claim(claim, books_agree):
    mind_at("2027-01-12T13:10")
    deciding.recommend(
        claim_id=claim.id,
        is_approval=True,
        amount=Money.of("60", "EUR"),
        reason="The courier's photograph shows another door.",
        actor=officer(),
    )
    deciding.confirm(claim_id=claim.id, actor=officer())
    drain()
    assert seen(claim).state is ClaimState.PAID


def test_an_opened_hold_left_it_by_an_officer(claim):
    holding.open_hold(claim_id=claim.id, actor=officer())
    mind_at("2027-01-12T13:10")

    assert "hold_ended" not in happened(claim)
    with reading():
        assert holding.left_hold(file_of(claim)) is None


def test_nobody_looks_into_their_own(claim):
    own = Actor(person_id=claim.policyholder_id, roles=frozenset({Role.UNDERWRITER}))

    with pytest.raises(OwnInterest):
        holding.look_into_hold(claim_id=claim.id, words="Nothing.", actor=own)


def test_a_hold_of_before_has_no_end(db, clock):
    clock("2026-06-01T09:00")
    claim = held(on="2026-06-19T13:00")
    assert claim.state is ClaimState.ON_HOLD
    assert promised(claim)[Step.LOOK].by == claim.opened_at + timedelta(days=1)
    assert Step.GO_ON not in promised(claim)

    mind_at("2026-12-18T13:00")

    assert seen(claim).state is ClaimState.ON_HOLD


def test_the_desk_says_why_it_went_on_and_the_holder_reads_nothing_of_it(
    db, clock, as_, make_person
):
    clock("2026-12-03T09:00")
    holder, judge = make_person(), make_person(roles=frozenset({Role.UNDERWRITER}))
    claim = held(holder.person_id)
    desk = f"/en/cover/desk/{claim.ref}"
    sent = as_(judge).post(
        f"{desk}/look-into", data={"csrf_token": "test-token", "words": "The courier's photograph."}
    )
    assert sent.status_code == 303
    assert "The courier&#39;s photograph." in as_(judge).get(desk).text
    read = as_(holder).get(f"/en/cover/claims/{claim.ref}")
    assert read.status_code == 200
    assert "photograph." not in read.text

    mind_at("2027-01-12T13:10")
    judge = make_person(roles=frozenset({Role.UNDERWRITER}))  # a session ends by then

    key = "This claim was held as long as we allow"
    assert says(as_(judge).get(desk), key)
    assert says(as_(judge).get("/en/cover/desk"), "Claims lead")
    # Whoever does not decide reads the page of the holder's side alone.
    page = as_(judge).get(f"/en/cover/claims/{claim.ref}")
    assert page.status_code == 200
    assert not says(page, key)
