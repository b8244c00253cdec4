"""A case's row under its lock, and a line of its history."""

from __future__ import annotations

from sqlalchemy import select

from insurance.losses.recovery.errors import CarrierClaimUnknown
from insurance.losses.recovery.models import CarrierClaim, CarrierClaimEntry
from kernel import clock
from kernel.actor import Actor
from kernel.db import session


def locked(ref: str) -> CarrierClaim:
    """Return a case that nobody else changes now. Locks: it. Raises: CarrierClaimUnknown."""
    row = session().scalar(
        select(CarrierClaim)
        .where(CarrierClaim.ref == ref)
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        raise CarrierClaimUnknown
    return row


def note(
    row: CarrierClaim,
    what: str,
    facts: dict[str, object],
    actor: Actor,
    *,
    answer_id: str | None = None,
) -> None:
    """Write a line of a case's history."""
    session().add(
        CarrierClaimEntry(
            carrier_claim_id=row.id,
            what=what,
            state=row.state,
            facts=facts,
            answer_id=answer_id,
            person_id=actor.person_id,
            at=clock.now(),
        )
    )
    session().flush()
