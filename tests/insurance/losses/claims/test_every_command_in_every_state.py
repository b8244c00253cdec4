"""Every command on a claim in every state: what it leads to, or the code it is refused with."""

import json
from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import text

from insurance import api as cover
from insurance.losses.claims import (
    asking,
    deciding,
    holding,
    offsets,
    opening,
    paying,
    queries,
    silence,
)
from insurance.losses.claims.rules import ClaimState, Paid, PaidBy
from insurance.rating.liability.queries import Cause
from kernel import clock as kernel_clock
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading, transaction
from kernel.errors import HouseError
from kernel.ids import new_id
from kernel.money import Money
from tests.insurance.conftest import fund
from tests.insurance.losses.claims.claiming import delivered, notify, officer

REFUSED = "claim_transition_refused"
FIVE = Money.of("5.00", "EUR")


@dataclass
class Case:
    """A damage, who holds it, and an officer who has no part in it."""

    policy: object
    claim: object
    holder: Actor
    judge: Actor


def propose(case):
    return deciding.recommend(
        claim_id=case.claim.id, is_approval=True, amount=FIVE, reason="Seen.", actor=case.judge
    )


def set_off(case):
    paid = Paid(by=PaidBy.CARRIER, amount=FIVE, item=None)
    offsets.set_off(claim_id=case.claim.id, paid=paid, words="Letter", actor=case.judge)


def report(case):
    return opening.notify(
        policy_id=case.policy.id,
        cause=Cause.DAMAGE,
        loss=FIVE,
        description="Chipped.",
        actor=case.holder,
    )


def said(command, words=None, who="judge"):
    """A command that takes the claim, somebody's words where it asks for them, and who acts."""

    def call(case):
        more = {} if words is None else {"words": words}
        actor = SYSTEM if who == "system" else getattr(case, who)
        return command(claim_id=case.claim.id, actor=actor, **more)

    return call


COMMANDS = {
    "decide": said(deciding.decide, who="system"),
    "open_hold": said(holding.open_hold),
    "look_into_hold": said(holding.look_into_hold, "The photographs."),
    "mind_hold": said(holding.mind_hold, who="system"),
    "ask": said(asking.ask, "Please show the label."),
    "answer": said(asking.answer, "Here it is.", who="holder"),
    "recommend": propose,
    "confirm": said(deciding.confirm),
    "send_back": said(deciding.send_back),
    "set_off": set_off,
    "appeal": said(deciding.appeal, "You missed the lid.", who="holder"),
    "withdraw": said(asking.withdraw, who="holder"),
    "report_again": report,
    "take_back": said(deciding.take_back, who="system"),
    "pay": said(paying.pay, who="system"),
    "confirm_loss": said(silence.confirm_loss, who="holder"),
    "say_arrived": said(silence.say_arrived, who="holder"),
}
# What a command leads to; in a state that it does not name it is refused with the code behind it.
# Not decided yet: a loss can turn out to be none, and whoever reported it takes it back.
UNDECIDED = ("submitted", "on_hold", "in_review", "info_needed", "lapsed", "recommended")
LEADS = {
    # Decided before is decided; asked again it changes nothing.
    "decide": ({"submitted": "in_review"}, None),
    "open_hold": ({"on_hold": "in_review"}, REFUSED),
    "look_into_hold": ({"on_hold": "on_hold"}, REFUSED),
    # Before its days are over nothing is due of it, and of what is not held never.
    "mind_hold": ({"on_hold": "on_hold"}, None),
    "ask": ({"in_review": "info_needed"}, REFUSED),
    "answer": ({"info_needed": "in_review", "lapsed": "in_review"}, "claim_answer_closed"),
    "recommend": ({"in_review": "recommended"}, REFUSED),
    "confirm": ({"recommended": "approved"}, REFUSED),
    "send_back": ({"recommended": "in_review"}, REFUSED),
    "set_off": ({state: state for state in UNDECIDED[:-1]}, REFUSED),
    "appeal": ({"refused": "in_review"}, "claim_appeal_closed"),
    "withdraw": (dict.fromkeys(UNDECIDED, "withdrawn"), REFUSED),
    "report_again": ({"withdrawn": "submitted"}, "claim_exists"),
    "take_back": (dict.fromkeys(UNDECIDED, "refused"), REFUSED),
    # Paid before is paid, and what is not approved is left as it is.
    "pay": ({"approved": "paid", "waiting_for_funds": "paid"}, None),
    "confirm_loss": ({"pre_opened": "pre_opened"}, REFUSED),
    "say_arrived": ({"pre_opened": "withdrawn"}, REFUSED),
}
PAIRS = [(state.value, command) for state in ClaimState for command in COMMANDS]


@pytest.fixture
def case(db, clock):
    clock("2026-06-01T09:00")
    fund()
    policy = delivered(level=cover.Cover.PLUS)
    claim = notify(policy)
    holder = Actor(person_id=policy.policyholder_id, roles=frozenset({Role.BUYER}))
    return Case(policy=policy, claim=claim, holder=holder, judge=officer())


DECIDED = ("approved", "waiting_for_funds", "paid", "refused", "withdrawn")
PLACED = text(
    """
    UPDATE insurance.claims SET state = :state, paid_at = :paid_at, decided_at = :decided_at,
        refusal = :refusal, maker_id = :maker_id, proposal = CAST(:proposal AS jsonb),
        facts = facts || '{"silent_since": "2026-05-01T00:00:00+00:00"}'
    WHERE id = :id
    """
)
HAPPENED = text(
    "INSERT INTO insurance.claim_entries (claim_id, what, state, facts, at)"
    " VALUES (:id, :what, :state, CAST(:facts AS jsonb), :at)"
)


def place(case, state):
    """Let the claim stand in a state, with what a claim has there."""
    at, is_proposed = kernel_clock.now(), state == "recommended"
    with transaction(name="test", actor=SYSTEM) as current:
        current.execute(
            PLACED,
            {
                "id": case.claim.id,
                "state": state,
                "paid_at": at if state == "paid" else None,
                "decided_at": at if state in DECIDED else None,
                "refusal": "The lid was cracked before." if state == "refused" else None,
                "maker_id": new_id() if is_proposed else None,
                "proposal": json.dumps({"is_approval": True, "amount": 500, "reason": "Seen."})
                if is_proposed
                else None,
            },
        )
        for what in ("asked", "withdrawn") if state == "withdrawn" else ("asked",):
            told = {
                "id": case.claim.id,
                "what": what,
                "state": "in_review",
                "facts": json.dumps({"words": "Which?"}),
                "at": at - timedelta(hours=1),
            }
            current.execute(HAPPENED, told)


def state_of(case):
    with reading():
        return queries.claim(claim_id=case.claim.id).state.value


@pytest.mark.parametrize(("state", "command"), PAIRS)
def test_a_command_leads_where_its_row_says_or_is_refused_by_its_code(case, state, command):
    leads, refusal = LEADS[command]
    place(case, state)

    try:
        COMMANDS[command](case)
        code = None
    except HouseError as error:
        code = error.code

    expected = (leads[state], None) if state in leads else (state, refusal)
    assert (state_of(case), code) == expected


def test_every_command_has_its_row_and_every_state_is_asked():
    assert set(LEADS) == set(COMMANDS)
    assert len(PAIRS) == len(ClaimState) * len(COMMANDS)
    for leads, _ in LEADS.values():
        assert {*leads, *leads.values()} <= {state.value for state in ClaimState}
