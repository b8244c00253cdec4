"""Small damage with two photographs is paid without anybody; points bring it to a person."""

import io
from datetime import timedelta

import pytest
from PIL import Image

from insurance import api as cover
from insurance.losses.claims import deciding, holding, jobs, queries
from insurance.losses.claims.errors import ClaimTransitionRefused, OwnInterest
from insurance.losses.claims.rules import ClaimState
from insurance.losses.suspicion import queries as suspicion
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.money import Money
from tests.asking import says
from tests.insurance.conftest import available, buy, drain, fund, make_wallet, scan
from tests.insurance.desks.counter.test_question_pages import posted
from tests.snaps import form, page, photo

FIELDS = {"cause": "damage", "loss": "40", "description": "The lid broke."}


@pytest.fixture
def holder(make_person, clock):
    clock("2026-06-01T09:00")
    fund()
    return make_person()


@pytest.fixture
def underwriter(make_person):
    return make_person(roles=frozenset({Role.UNDERWRITER}))


def came(holder, level=cover.Cover.STD):
    bought = buy(owner_id=holder.person_id, wallet=make_wallet(holder.person_id), level=level)
    scan(bought)
    kernel_clock.freeze(kernel_clock.now() + timedelta(days=7))
    return cover.parcel_delivered(parcel_ref=bought.parcel_ref, at=kernel_clock.now(), actor=SYSTEM)


def scene(turned=0, quality=90):
    """A photograph of something: a slope with a bright box on it."""
    picture = Image.linear_gradient("L").resize((900, 600))
    picture.paste(250, (150 + turned * 300, 100, 400 + turned * 300, 500))
    picture.paste(10, (500 - turned * 400, 300, 560 - turned * 400, 560))
    out = io.BytesIO()
    picture.convert("RGB").save(out, "JPEG", quality=quality)
    return out.getvalue()


def report(browser, policy, *files, **fields):
    sent = browser.post(
        f"/en/cover/policies/{policy.number}/claims", **form(*files, **(FIELDS | fields))
    )
    assert sent.status_code == 303, page(sent, sent.status_code).find("main").text
    drain()
    with reading():
        return queries.claims_under(policy_id=policy.id)[0]


def test_small_damage_with_two_photographs_is_paid_in_the_same_minute(holder, as_, books_agree):
    policy = came(holder)
    before, at = available(policy.wallet_id), kernel_clock.now()

    claim = report(as_(holder), policy, (photo(10), "a.jpg"), (photo(90), "b.jpg"))

    assert (claim.state, claim.paid_at) == (ClaimState.PAID, at)
    assert available(policy.wallet_id) == before + claim.claimed
    shown = as_(holder).get(f"/en/cover/claims/{claim.ref}/reasons")
    assert says(shown, "Your photos show it.")
    assert says(shown, "Nothing about it asks for a second look.")


@pytest.mark.parametrize(("files", "cause"), [(1, "damage"), (2, "theft"), (0, "damage")])
def test_outside_these_limits_a_person_looks(holder, as_, files, cause):
    policy = came(holder, cover.Cover.PLUS)
    photos = [(photo(40 * place), f"{place}.jpg") for place in range(files)]

    claim = report(as_(holder), policy, *photos, cause=cause, place="door")

    assert claim.state is ClaimState.IN_REVIEW


def test_a_photograph_of_another_claim_brings_it_to_a_person_who_may_still_pay(
    make_person, holder, underwriter, as_
):
    other = make_person()
    first = report(
        as_(other), came(other), (scene(), "a.jpg"), (scene(turned=1), "b.jpg"), loss="30"
    )
    assert first.state is ClaimState.PAID

    policy = came(holder)
    again = report(
        as_(holder), policy, (scene(quality=40), "c.jpg"), (photo(20), "d.jpg"), loss="125"
    )

    assert again.state is ClaimState.ON_HOLD
    with reading():
        assert dict(suspicion.points_of(claim_id=again.id)) == {"photo_seen": 50, "near_limit": 15}
    for browser, address in (
        (as_(holder), f"/en/cover/claims/{again.ref}/reasons"),
        (as_(underwriter), f"/en/cover/desk/{again.ref}"),
    ):
        assert says(browser.get(address), "A photo looks like one from another claim.")

    posted(as_(underwriter), f"/en/cover/desk/{again.ref}/take-up")
    with reading():
        assert queries.claim(claim_id=again.id).state is ClaimState.IN_REVIEW
    with pytest.raises(ClaimTransitionRefused):
        holding.open_hold(claim_id=again.id, actor=underwriter)


def test_a_photograph_of_another_claim_alone_holds_it_and_only_named_officers_refuse_it(
    make_person, clock, as_, books_agree
):
    clock("2026-12-10T09:00")
    fund()
    other, holder = make_person(), make_person()
    first = report(as_(other), came(other), (scene(), "a.jpg"), (photo(1), "b.jpg"), loss="30")
    assert first.state is ClaimState.PAID

    claim = report(as_(holder), came(holder), (scene(), "a.jpg"), (photo(2), "b.jpg"), loss="30")

    assert claim.state is ClaimState.ON_HOLD
    with reading():
        assert dict(suspicion.points_of(claim_id=claim.id)) == {"photo_seen": 60}
    # However long nobody looks, nothing decides in their place; it only goes on to its review.
    for _ in range(3):
        kernel_clock.freeze(kernel_clock.now() + timedelta(days=30))
        jobs.mind_questions()
        jobs.mind_holds()
        jobs.pay_waiting_claims()
        deciding.decide(claim_id=claim.id, actor=SYSTEM)
        drain()
    assert _as_it_stands(claim).state is ClaimState.IN_REVIEW

    maker, checker = (make_person(roles=frozenset({Role.UNDERWRITER})) for _ in range(2))
    deciding.recommend(
        claim_id=claim.id,
        is_approval=False,
        amount=Money.zero("EUR"),
        reason="The photograph is of another parcel.",
        actor=maker,
    )
    deciding.confirm(claim_id=claim.id, actor=checker)
    drain()
    refused = _as_it_stands(claim)
    assert refused.state is ClaimState.REFUSED
    assert refused.refusal == "The photograph is of another parcel."
    assert refused.appeal_until is not None


def _as_it_stands(claim):
    with reading():
        return queries.claim(claim_id=claim.id)


def test_nobody_takes_up_their_own_held_claim(make_person, holder, as_):
    other = make_person()
    report(as_(other), came(other), (scene(), "a.jpg"), (photo(1), "b.jpg"))
    claim = report(as_(holder), came(holder), (scene(), "a.jpg"), (photo(2), "b.jpg"), loss="125")
    assert claim.state is ClaimState.ON_HOLD
    own = Actor(person_id=holder.person_id, roles=frozenset({Role.UNDERWRITER}))
    with pytest.raises(OwnInterest):
        holding.open_hold(claim_id=claim.id, actor=own)


def test_the_reasons_of_a_claim_are_its_holders_and_the_officers_alone(make_person, holder, as_):
    claim = report(as_(holder), came(holder))
    assert as_(make_person()).get(f"/en/cover/claims/{claim.ref}/reasons").status_code == 404
