"""Commands on what is held: looked into, opened for its review, and never held without an end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import select

from insurance.losses.claims import clocks, outcome, queries, rules
from insurance.losses.claims.errors import ClaimTransitionRefused
from insurance.losses.claims.models import Claim
from insurance.losses.claims.queries import ClaimFile, ClaimLine, ClaimView
from insurance.losses.claims.rules import ClaimState, LeftHold, Overdue
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session

__all__ = ["LeftHold"]

# What the history calls a claim that was held too long, which the claims lead has from then on.
AT_LEAD = "lead_told"
_ENDED = "hold_ended"


@command("insurance.claims.open_hold")
def open_hold(*, claim_id: UUID, actor: Actor) -> ClaimView:
    """Take a held claim up; it is reviewed like any other from here on.

    Locks: the claim. Raises: OwnInterest, ClaimTransitionRefused where it is not held.
    """
    row = outcome.locked(claim_id)
    rules.check_interest(
        holder=row.policyholder_id, officer=actor.person_id, companies=actor.organisation_ids
    )
    if row.state != ClaimState.ON_HOLD:
        raise ClaimTransitionRefused(state=row.state, wanted=ClaimState.IN_REVIEW.value)
    outcome.move(row, ClaimState.IN_REVIEW, "hold_opened", {}, actor)
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.look_into_hold")
def look_into_hold(*, claim_id: UUID, words: str, actor: Actor) -> ClaimView:
    """Say what is looked into while a claim stays held; officers alone read it.

    Locks: the claim. Raises: OwnInterest, ClaimTransitionRefused where it is not held.
    """
    row = outcome.locked(claim_id)
    rules.check_interest(
        holder=row.policyholder_id, officer=actor.person_id, companies=actor.organisation_ids
    )
    if row.state != ClaimState.ON_HOLD:
        raise ClaimTransitionRefused(state=row.state, wanted=ClaimState.ON_HOLD.value)
    outcome.note(row, clocks.LOOKED_INTO, {"words": words}, actor)
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.mind_hold")
def mind_hold(*, claim_id: UUID, actor: Actor) -> None:
    """Tell the claims lead of a hold that nobody looked into, and end one whose days are over.

    It goes on to its review like one that was opened: points decide nothing. Locks: the claim.
    """
    row = outcome.locked(claim_id)
    if row.state != ClaimState.ON_HOLD:
        return
    held = held_of(queries.history_of(claim_id))
    overdue = rules.overdue_hold(
        is_looked_into=bool(held.looked_into),
        is_lead_told=held.is_lead_told,
        look_by=clocks.look_due(held.began),
        ends=clocks.hold_ends(held.began),
        now=clock.now(),
    )
    if overdue is None:
        return
    why = {"why": held.why.value}
    if not held.is_lead_told:
        outcome.note(row, AT_LEAD, why, actor)
    if overdue is Overdue.END:
        outcome.move(row, ClaimState.IN_REVIEW, _ENDED, why, actor)


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A hold as its history tells it. Shape: looked_into are the officers' words, newest first."""

    began: datetime
    looked_into: Sequence[str]
    is_lead_told: bool

    @property
    def why(self) -> LeftHold:
        """Why it leaves its hold without an officer who opened it."""
        return LeftHold.SO_LONG if self.looked_into else LeftHold.UNOPENED


def held_of(history: Sequence[ClaimLine]) -> Held:
    """Return the hold of a claim that was held, by its history, newest first."""
    since: list[ClaimLine] = []
    for line in history:
        since.append(line)
        if line.what == "opened":
            break
    return Held(
        began=since[-1].at,
        looked_into=[line.facts["words"] for line in since if line.what == clocks.LOOKED_INTO],
        is_lead_told=any(line.what == AT_LEAD for line in since),
    )


def left_hold(file: ClaimFile) -> LeftHold | None:
    """Return why a claim left its hold without an officer who opened it, None where one did."""
    for line in file.history:
        if line.what == _ENDED:
            return LeftHold(line.facts["why"])
        if line.what == "opened":
            break
    return None


def looked_into(file: ClaimFile) -> Sequence[str]:
    """Return what officers said that they look into, newest first."""
    return held_of(file.history).looked_into


def on_hold() -> Sequence[UUID]:
    """Return the claims that are held, oldest first."""
    query = select(Claim.id).where(Claim.state == ClaimState.ON_HOLD)
    return session().scalars(query.order_by(Claim.opened_at, Claim.id)).all()
