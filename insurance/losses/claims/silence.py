"""Losses found by silence: told after a week, opened after three, confirmed by one tap."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from insurance.contracts.policies import queries as policies
from insurance.contracts.policies import service as policy_service
from insurance.contracts.policies.queries import PolicyState, PolicyView
from insurance.losses.claims import opening, outcome, queries, rules, terms
from insurance.losses.claims.errors import ClaimTransitionRefused, ClaimUnknown
from insurance.losses.claims.events import LossConfirmed, LossFound, ParcelSilent
from insurance.losses.claims.models import Claim, Silence
from insurance.losses.claims.queries import ClaimView
from insurance.losses.claims.rules import ClaimState
from insurance.rating.liability.queries import Cause
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.money import Money


@command("insurance.claims.parcel_silent")
def parcel_silent(
    *, parcel_ref: str, since: datetime, evidence: Mapping[str, Any], actor: Actor
) -> ClaimView | None:
    """Tell the holder of a covered parcel that its carrier is silent, or let a claim wait for them.

    Told again of the same silence it changes nothing; after a parcel moved again it begins anew.
    Nothing is reserved, and no claim counted, before somebody says that it is lost.
    Units: since is the last scan. Shape: evidence holds the carrier's last events as plain values.
    Locks: the policy, the claim. Events: ParcelSilent, LossFound.
    """
    policy = policies.policy_for_parcel(parcel_ref=parcel_ref)
    if policy is None or policy.state is not PolicyState.ATTACHED:
        return None
    if Cause.LOST not in policy.perils:
        return None
    policy_service.locked(policy_id=policy.id)
    handling, days = terms.handling_on(clock.today()), (clock.now() - since).days
    if days >= handling.silence_claim_days:
        return _wait(policy, since, evidence, actor)
    if days >= handling.silence_word_days:
        _say_once(policy, since, since + timedelta(days=handling.silence_claim_days))
    return None


@command("insurance.claims.parcel_heard")
def parcel_heard(*, parcel_ref: str, at: datetime, actor: Actor) -> None:
    """End what silence found once the parcel is seen again; a claim is not touched.

    Locks: the claim.
    """
    policy = policies.policy_for_parcel(parcel_ref=parcel_ref)
    known = opening.known_claim(policy.id, Cause.LOST) if policy else None
    if known is None:
        return
    row = outcome.locked(known.id)
    if row.state == ClaimState.PRE_OPENED and at > _since(row):
        outcome.move(row, ClaimState.WITHDRAWN, "moved_again", {}, actor)


@command("insurance.claims.confirm_loss")
def confirm_loss(*, claim_id: UUID, actor: Actor) -> ClaimView:
    """Say that a silent parcel never came: it is given up, and its loss is claimed then.

    Said twice it is said once. Locks: the claim. Events: LossConfirmed.
    Raises: ClaimUnknown for all but its holder, ClaimTransitionRefused.
    """
    row = _own(claim_id, actor)
    if not row.facts.get("confirmed"):
        row.facts = row.facts | {"confirmed": True}
        outcome.note(row, "confirmed", {}, actor)
        parcel_ref = policies.policy(policy_id=row.policy_id).parcel_ref
        publish(LossConfirmed(claim_id=row.id, ref=row.ref, parcel_ref=parcel_ref))
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.say_arrived")
def say_arrived(*, claim_id: UUID, actor: Actor) -> ClaimView:
    """Say that a silent parcel came: nothing is claimed.

    Locks: the claim. Raises: ClaimUnknown for all but its holder, ClaimTransitionRefused.
    """
    row = _own(claim_id, actor)
    if row.facts.get("confirmed"):
        raise ClaimTransitionRefused(state=row.state, wanted=ClaimState.WITHDRAWN.value)
    outcome.move(row, ClaimState.WITHDRAWN, "said_arrived", {}, actor)
    return queries.claim(claim_id=claim_id)


def news_after() -> timedelta:
    """Return how long a carrier has to be silent before it is news."""
    return timedelta(days=terms.handling_on(clock.today()).silence_word_days)


def _wait(
    policy: PolicyView, since: datetime, evidence: Mapping[str, Any], actor: Actor
) -> ClaimView:
    known = opening.known_claim(policy.id, Cause.LOST)
    nothing = Money.zero(policy.currency)
    report = opening.loss_of(policy, at=since, evidence=evidence, carrier_paid=nothing)
    if known is None:
        row = opening.insert_claim(policy, report, nothing, ClaimState.PRE_OPENED)
    else:
        row = outcome.locked(known.id)
        if row.state != ClaimState.WITHDRAWN or _since(row) >= since:
            return queries.claim(claim_id=row.id)
        row.state = rules.moved(ClaimState.WITHDRAWN, ClaimState.PRE_OPENED)
    row.facts = {name: row.facts[name] for name in row.facts if name != "confirmed"} | {
        "silent_since": since.isoformat()
    }
    outcome.note(row, "silent", {"since": since.isoformat()}, actor)
    publish(
        LossFound(
            claim_id=row.id,
            ref=row.ref,
            policyholder_id=row.policyholder_id,
            parcel_ref=policy.parcel_ref,
            since=since,
        )
    )
    return queries.claim(claim_id=row.id)


def _say_once(policy: PolicyView, since: datetime, opens_at: datetime) -> None:
    told = insert(Silence).values(policy_id=policy.id, since=since, told_at=clock.now())
    news = session().execute(told.on_conflict_do_nothing().returning(Silence.policy_id)).first()
    if news is not None:
        publish(
            ParcelSilent(
                policy_id=policy.id,
                policyholder_id=policy.policyholder_id,
                parcel_ref=policy.parcel_ref,
                since=since,
                open_on=opens_at.date(),
            )
        )


def _own(claim_id: UUID, actor: Actor) -> Claim:
    row = outcome.locked(claim_id)
    if row.policyholder_id != actor.person_id:
        raise ClaimUnknown
    if row.state != ClaimState.PRE_OPENED:
        raise ClaimTransitionRefused(state=row.state, wanted=ClaimState.SUBMITTED.value)
    return row


def _since(row: Claim) -> datetime:
    return datetime.fromisoformat(row.facts["silent_since"])
