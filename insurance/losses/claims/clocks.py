"""Until when a claim is confirmed, answered and paid, and which of it is late.

Days for answers and holds are those of the claims office; a payment is promised in days of the
calendar.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from insurance.losses.claims import terms
from insurance.losses.claims.claim_view import ClaimView
from insurance.losses.claims.rules import DECIDED, ClaimState
from insurance.office.hours import queries as office

# What lets the officers' time begin.
BEGINS = ("opened", "appealed", "answered", "unanswered", "hold_opened", "hold_ended")
# An officer says what they look into while a claim stays held.
LOOKED_INTO = "hold_looked_into"
_ANSWERING = frozenset({ClaimState.IN_REVIEW, ClaimState.RECOMMENDED})


class Step(StrEnum):
    """What a claim is promised a time for."""

    CONFIRM = "confirm"
    LOOK = "look"
    GO_ON = "go_on"
    ANSWER = "answer"
    PAY = "pay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One promise. Shape: done_at is None while it is open."""

    step: Step
    by: datetime
    done_at: datetime | None
    is_late: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Began:
    """When the officers' time began last, and when an officer looked into a hold since."""

    at: datetime
    looked_into_at: datetime | None = None


def clocks_of(
    claim: ClaimView, *, looked_at: datetime | None, began: Began, now: datetime
) -> Sequence[Clock]:
    """Return what a claim is promised, in its order, each by the terms of the day it began.

    Shape: looked_at is when something was done with it first. Nothing is promised of what waits
    for its holder.
    """
    if claim.state is ClaimState.PRE_OPENED:
        return ()
    opening = terms.handling_on(claim.opened_at.date())
    confirmed = claim.opened_at + timedelta(hours=opening.acknowledge_hours)
    promised = [(Step.CONFIRM, confirmed, looked_at)]
    if claim.state is ClaimState.ON_HOLD:
        promised.append((Step.LOOK, look_due(began.at), began.looked_into_at))
        ends = hold_ends(began.at)
        if ends is not None:
            promised.append((Step.GO_ON, ends, None))
    elif claim.state in _ANSWERING or claim.decided_at is not None:
        by = answer_due(began.at, is_appealed=claim.appeal is not None)
        promised.append((Step.ANSWER, by, claim.decided_at))
    payment = payment_due(claim)
    if payment is not None:
        promised.append((Step.PAY, payment, claim.paid_at))
    return [
        Clock(step=step, by=by, done_at=done_at, is_late=(done_at or now) > by)
        for step, by, done_at in promised
    ]


def look_due(began: datetime) -> datetime:
    """Return until when a person looks into what is held."""
    return office.later(began, days=terms.handling_on(began.date()).hold_days)


def hold_ends(began: datetime) -> datetime | None:
    """Return until when a claim is held at most, None where its terms know no end."""
    most = terms.handling_on(began.date()).hold_most_days
    return None if most is None else office.later(began, days=most)


def answer_due(began: datetime, *, is_appealed: bool) -> datetime:
    """Return until when officers answer what they can decide on."""
    handling = terms.handling_on(began.date())
    return office.later(began, days=handling.answered_within(is_appealed=is_appealed))


def officers_due(claim: ClaimView, began: Began) -> datetime | None:
    """Return until when officers look into what is held, or answer; None when it is not on them."""
    if claim.state is ClaimState.ON_HOLD:
        is_open = began.looked_into_at is None
        return look_due(began.at) if is_open else hold_ends(began.at)
    if claim.state not in _ANSWERING:
        return None
    return answer_due(began.at, is_appealed=claim.appeal is not None)


def payment_due(claim: ClaimView) -> datetime | None:
    """Return until when an approved claim is paid, None before it is approved."""
    if claim.decided_at is None or claim.state not in DECIDED:
        return None
    handling = terms.handling_on(claim.decided_at.date())
    return claim.decided_at + timedelta(days=handling.pay_days)
