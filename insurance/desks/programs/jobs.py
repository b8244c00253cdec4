"""Tells the programs of customers what happens to their cover.

What is told names a thing and says how it stands; the rest is read at its address, by who may.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from insurance.contracts.changes.events import PolicyChanged
from insurance.contracts.policies import queries as policies
from insurance.contracts.policies.events import PolicyAttached, PolicyBound, PolicyEnded
from insurance.desks.programs import shown
from insurance.losses.claims import queries as claims
from insurance.losses.claims.events import (
    ClaimApproved,
    ClaimOpened,
    ClaimPaid,
    ClaimQuestioned,
    ClaimRefused,
)
from kernel.actor import SYSTEM
from kernel.events import Event, on
from kernel.people.endpoints import service as endpoints


@on(PolicyBound, "insurance.programs.tell_bound")
def tell_bound(event: PolicyBound) -> None:
    """Tell that cover was bought; its certificate can be fetched from now on."""
    _of_policy(event, "policy.bound", event.policy_id, {"premium": shown.money(event.premium)})


@on(PolicyAttached, "insurance.programs.tell_attached")
def tell_attached(event: PolicyAttached) -> None:
    """Tell that the carrier has the parcel."""
    _of_policy(event, "policy.attached", event.policy_id, {})


@on(PolicyChanged, "insurance.programs.tell_changed")
def tell_changed(event: PolicyChanged) -> None:
    """Tell of an endorsement, an end or a policy handed over; also who held it until then."""
    told = {
        "change": event.ref,
        "change_kind": event.kind,
        "paid": shown.money(event.paid),
        "refund": shown.money(event.refund),
    }
    _of_policy(event, "policy.changed", event.policy_id, told)
    if event.taker_id is not None:
        data = {"object": "policy", "id": event.number} | told
        _tell(event, "policy.changed", event.holder_id, data)


@on(PolicyEnded, "insurance.programs.tell_ended")
def tell_ended(event: PolicyEnded) -> None:
    """Tell that cover is over."""
    _of_policy(event, "policy.ended", event.policy_id, {"refund": shown.money(event.refund)})


@on(ClaimOpened, "insurance.programs.tell_opened")
def tell_opened(event: ClaimOpened) -> None:
    """Tell that a loss was reported or noticed."""
    _of_claim(event, "claim.opened", event.claim_id, {})


@on(ClaimQuestioned, "insurance.programs.tell_questioned")
def tell_questioned(event: ClaimQuestioned) -> None:
    """Tell that officers need an answer, and until when."""
    told = {"answer_by": shown.instant(event.answer_by), "is_reminder": event.is_reminder}
    _of_claim(event, "claim.questioned", event.claim_id, told)


@on(ClaimApproved, "insurance.programs.tell_approved")
def tell_approved(event: ClaimApproved) -> None:
    """Tell that a claim will be paid."""
    _of_claim(event, "claim.approved", event.claim_id, {"payable": shown.money(event.payable)})


@on(ClaimPaid, "insurance.programs.tell_paid")
def tell_paid(event: ClaimPaid) -> None:
    """Tell that the money of a claim is in a wallet."""
    _of_claim(event, "claim.paid", event.claim_id, {"paid": shown.money(event.paid)})


@on(ClaimRefused, "insurance.programs.tell_refused")
def tell_refused(event: ClaimRefused) -> None:
    """Tell that a claim ended without payment."""
    _of_claim(event, "claim.refused", event.claim_id, {"reason": event.reason})


def _of_policy(event: Event, kind: str, policy_id: UUID, more: dict[str, Any]) -> None:
    held = policies.policy(policy_id=policy_id)
    data = {
        "object": "policy",
        "id": held.number,
        "status": held.state.value,
        "revision": held.revision,
    }
    _tell(event, kind, held.policyholder_id, data | more)


def _of_claim(event: Event, kind: str, claim_id: UUID, more: dict[str, Any]) -> None:
    seen = claims.claim(claim_id=claim_id)
    data = {
        "object": "claim",
        "id": seen.ref,
        "policy": seen.policy_number,
        "cause": seen.cause.value,
        "status": seen.state.value,
    }
    _tell(event, kind, seen.policyholder_id, data | more)


def _tell(event: Event, kind: str, person_id: UUID, data: dict[str, Any]) -> None:
    endpoints.tell(person_id=person_id, event_id=event.id, kind=kind, data=data, actor=SYSTEM)
