"""Until when a claim is confirmed, answered and paid, and which of it is late."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from insurance.losses.claims import terms
from insurance.losses.claims.claim_view import ClaimView
from insurance.losses.claims.rules import DECIDED, ClaimState

# What lets the officers' time begin.
BEGINS = ("opened", "appealed", "answered", "unanswered", "hold_opened")
_ANSWERING = frozenset({ClaimState.ON_HOLD, ClaimState.IN_REVIEW, ClaimState.RECOMMENDED})


class Step(StrEnum):
    """What a claim is promised a time for."""

    CONFIRM = "confirm"
    ANSWER = "answer"
    PAY = "pay"


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """One promise. Shape: done_at is None while it is open."""

    step: Step
    by: datetime
    done_at: datetime | None
    is_late: bool


def clocks_of(
    claim: ClaimView, *, looked_at: datetime | None, began: datetime, now: datetime
) -> Sequence[Clock]:
    """Return what a claim is promised, in its order, each by the terms of the day it began.

    Shape: looked_at is when something was done with it first, began when the time for an answer
    began last. Nothing is promised of what waits for its holder.
    """
    if claim.state is ClaimState.PRE_OPENED:
        return ()
    opening = terms.handling_on(claim.opened_at.date())
    confirmed = claim.opened_at + timedelta(hours=opening.acknowledge_hours)
    promised = [(Step.CONFIRM, confirmed, looked_at)]
    answer = answer_due(claim.state, began)
    if answer is not None or claim.decided_at is not None:
        answering = terms.handling_on(began.date())
        by = answer or began + timedelta(days=answering.answer_days)
        promised.append((Step.ANSWER, by, claim.decided_at))
    payment = payment_due(claim)
    if payment is not None:
        promised.append((Step.PAY, payment, claim.paid_at))
    return [
        Clock(step=step, by=by, done_at=done_at, is_late=(done_at or now) > by)
        for step, by, done_at in promised
    ]


def answer_due(state: ClaimState, began: datetime) -> datetime | None:
    """Return until when officers answer, or take up what is held; None when it is not on them."""
    if state not in _ANSWERING:
        return None
    handling = terms.handling_on(began.date())
    is_held = state is ClaimState.ON_HOLD
    return began + timedelta(days=handling.hold_days if is_held else handling.answer_days)


def payment_due(claim: ClaimView) -> datetime | None:
    """Return until when an approved claim is paid, None before it is approved."""
    if claim.decided_at is None or claim.state not in DECIDED:
        return None
    handling = terms.handling_on(claim.decided_at.date())
    return claim.decided_at + timedelta(days=handling.pay_days)
