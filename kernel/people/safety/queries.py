"""Reads when something last happened to a person's account, and until when little may be spent."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select

from kernel import clock
from kernel.db import reading, session
from kernel.people.safety.models import ReducedSpending, SafetyEntry
from kernel.people.safety.rules import Kind

__all__ = ["Kind"]


def newest_of(*, person_id: UUID, kinds: Collection[str]) -> dict[str, datetime]:
    """Return when each of some kinds last stood in a person's log; what never did is left out."""
    query = (
        select(SafetyEntry.kind, func.max(SafetyEntry.at).label("at"))
        .where(SafetyEntry.person_id == person_id, SafetyEntry.kind.in_(kinds))
        .group_by(SafetyEntry.kind)
    )
    with reading() as current:
        return {row.kind: row.at for row in current.execute(query)}


def happened_since(*, person_id: UUID, kinds: Collection[str], since: datetime) -> bool:
    """Whether any of some kinds stands in a person's log after an instant."""
    query = select(SafetyEntry.id).where(
        SafetyEntry.person_id == person_id, SafetyEntry.at > since, SafetyEntry.kind.in_(kinds)
    )
    return session().execute(query.limit(1)).first() is not None


def reduced_until(person_id: UUID) -> datetime | None:
    """Return until when somebody may spend only little, None when nothing is reduced.

    That follows a reset of a second factor, and a new password by mail where there is none.
    """
    query = select(ReducedSpending.until).where(
        ReducedSpending.person_id == person_id, ReducedSpending.until > clock.now()
    )
    with reading() as current:
        return current.execute(query).scalar_one_or_none()
