"""Commands that pay a claim, once, and note what became of its goods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from insurance.contracts.policies import queries as policies
from insurance.contracts.policies import service as policy_service
from insurance.losses.claims import outcome, queries
from insurance.losses.claims.errors import (
    ClaimUnknown,
)
from insurance.losses.claims.events import ClaimPaid
from insurance.losses.claims.models import Claim
from insurance.losses.claims.queries import ClaimView
from insurance.losses.claims.rules import ClaimState
from insurance.money.books import service as books
from insurance.money.books.errors import FloatShort
from insurance.rating.liability.queries import Cause
from kernel import clock
from kernel.actor import Actor
from kernel.db import command, savepoint, session
from kernel.events import publish
from kernel.money import Money


@command("insurance.claims.pay")
def pay(*, claim_id: UUID, actor: Actor) -> ClaimView:
    """Pay an approved claim into its payee's wallet, or beside a closed one; paid before is paid.

    Without enough claims money the claim waits and is tried again.
    Locks: the claim, the policy, the insurer's claims money. Events: ClaimPaid.
    """
    row = outcome.locked(claim_id)
    if row.state not in {ClaimState.APPROVED, ClaimState.WAITING_FOR_FUNDS}:
        return queries.claim(claim_id=claim_id)
    # The policy before the wallet, as withdrawing does, so that the two never wait in a ring.
    policy_service.locked(policy_id=row.policy_id)
    policy = policies.policy(policy_id=row.policy_id)
    payable = Money(row.payable, row.currency)
    try:
        with savepoint():
            books.claim_paid(
                claim_id=row.id,
                subject=row.ref,
                payable=payable,
                insurer_key=policy.insurer_key,
                wallet_id=row.wallet_id,
                vendor_id=policy.vendor_id,
                actor=actor,
            )
    except FloatShort:
        if row.state == ClaimState.APPROVED:
            outcome.move(row, ClaimState.WAITING_FOR_FUNDS, "waiting_for_funds", {}, actor)
        return queries.claim(claim_id=claim_id)
    row.paid_at = clock.now()
    outcome.move(row, ClaimState.PAID, "paid", {"paid": payable.minor}, actor)
    if row.cause == Cause.LOST:
        policy_service.exhaust(policy_id=policy.id, actor=actor)
    publish(
        ClaimPaid(
            claim_id=row.id,
            ref=row.ref,
            policyholder_id=row.policyholder_id,
            parcel_ref=policy.parcel_ref,
            order_ref=policy.order_ref,
            cause=row.cause,
            payee=row.payee,
            wallet_id=row.wallet_id,
            paid=payable,
        )
    )
    return queries.claim(claim_id=claim_id)


@command("insurance.claims.note_recovery")
def note_recovery(*, claim_id: UUID, what: str, facts: Mapping[str, Any], actor: Actor) -> None:
    """Write into a claim's history what became of its goods. Raises: ClaimUnknown."""
    row = session().get(Claim, claim_id)
    if row is None:
        raise ClaimUnknown
    outcome.note(row, what, dict(facts), actor)
