"""Points of claims as their holders and the officers see them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from uuid import UUID

from sqlalchemy import select

from insurance.losses.suspicion import rules
from insurance.losses.suspicion.models import ClaimPoint
from insurance.losses.suspicion.rules import Reason, Signs, Weighed
from kernel import clock
from kernel.db import session

__all__ = ["Reason", "Signs", "Weighed"]


def points_of(*, claim_id: UUID) -> Sequence[tuple[Reason, int]]:
    """Return why a claim was looked at twice, with the points of each reason, most first."""
    query = (
        select(ClaimPoint.reason, ClaimPoint.points)
        .where(ClaimPoint.claim_id == claim_id)
        .order_by(ClaimPoint.points.desc(), ClaimPoint.reason)
    )
    return [(Reason(row.reason), row.points) for row in session().execute(query)]


def counts_for() -> timedelta:
    """Return how long a report counts among those of its holder."""
    return timedelta(days=rules.points_on(clock.today()).claims_days)
