"""A policy pays for the causes it was sold with, whatever its level names."""

import hashlib
import json
from dataclasses import replace

import pytest
from sqlalchemy import text

from insurance import api as cover
from insurance.contracts.policies import queries
from insurance.losses.claims import queries as claims
from insurance.losses.claims.errors import CauseNotCovered
from insurance.losses.claims.rules import Question
from insurance.rating.liability.queries import Cause
from kernel.actor import SYSTEM
from kernel.db import reading, transaction
from tests.insurance.conftest import buy, drain, fund, make_risk, scan
from tests.insurance.losses.claims.claiming import claim_of, delivered, lose, notify, questions

LEVELS = {
    cover.Cover.TL: (Cause.LOST,),
    cover.Cover.STD: (Cause.LOST, Cause.DAMAGE),
    cover.Cover.PLUS: (Cause.LOST, Cause.DAMAGE, Cause.MISSING, Cause.THEFT),
}


def quoted_for(perils, parcel_ref, level=cover.Cover.STD):
    """Let the standing quote of a parcel sell a level with these causes alone."""
    cover.quote_parcel(risk=make_risk(), subject=parcel_ref, actor=SYSTEM)
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            text(
                "UPDATE insurance.quotes"
                " SET levels = jsonb_set(levels, CAST(:path AS text[]), CAST(:perils AS jsonb))"
                " WHERE subject = :subject"
            ),
            {"path": [level, "perils"], "perils": json.dumps(perils), "subject": parcel_ref},
        )
        current.expire_all()


def as_before(policy):
    """Make a policy one of before policies said their causes."""
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(text("UPDATE insurance.policies SET perils = NULL"))
        current.expire_all()
    with reading():
        return queries.policy(policy_id=policy.id)


@pytest.mark.parametrize("level", LEVELS)
def test_a_policy_says_the_causes_of_its_level_and_so_does_one_of_before(db, clock, level):
    clock("2026-06-01T09:00")
    policy = buy(level=level)

    assert policy.perils == LEVELS[level]
    assert as_before(policy) == policy


def test_a_policy_pays_for_the_causes_it_was_sold_with(db, clock, books_agree):
    clock("2026-06-01T09:00")
    fund()
    quoted_for(["damage"], "P-1")
    policy = buy(parcel_ref="P-1")
    scan(policy)
    lose(policy)
    drain()

    assert policy.perils == (Cause.DAMAGE,)
    refused = claim_of(policy)
    assert refused.state is cover.ClaimState.REFUSED
    assert refused.refusal == Question.CAUSE_COVERED
    assert questions(refused)[Question.CAUSE_COVERED] is False


def test_a_notice_is_taken_of_the_causes_it_was_sold_with_alone(db, clock):
    clock("2026-06-01T09:00")
    quoted_for(["lost"], "P-1")
    policy = delivered(parcel_ref="P-1")
    with reading():
        assert not claims.may_be_notified(policy, Cause.DAMAGE)

    with pytest.raises(CauseNotCovered):
        notify(policy)


def test_papers_of_before_keep_their_fingerprint(db, clock):
    clock("2026-06-01T09:00")
    policy = buy()
    stated = [
        policy.number,
        policy.revision,
        policy.insurer_key,
        policy.cover,
        str(policy.sum_insured),
        policy.origin_country,
        policy.destination_country,
        policy.parcel_ref,
        policy.bound_at.isoformat(),
    ]
    of_before = hashlib.sha256(json.dumps(stated).encode()).hexdigest()

    assert policy.fingerprint == as_before(policy).fingerprint == of_before
    narrower = {
        perils: replace(policy, perils=perils).fingerprint
        for perils in ((Cause.DAMAGE,), (Cause.LOST,), ())
    }
    assert len({of_before, *narrower.values()}) == 4


def test_a_quote_of_before_sells_what_its_level_names(db, clock):
    clock("2026-06-01T09:00")
    quote = cover.quote_parcel(risk=make_risk(), subject="P-1", actor=SYSTEM)
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(text("UPDATE insurance.quotes SET levels = levels #- '{STD,perils}'"))
        current.expire_all()
    with reading():
        known = cover.quote_of(quote_id=quote.id)

    assert {level.cover: level.perils for level in known.levels} == LEVELS
    assert known == quote
