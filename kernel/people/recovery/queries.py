"""Reads of resets."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import select

from kernel import clock, dated
from kernel.db import reading
from kernel.people.recovery import rules
from kernel.people.recovery.errors import ResetUnknown
from kernel.people.recovery.models import FactorReset
from kernel.people.recovery.rules import Terms


@dataclass(frozen=True, slots=True)
class ResetView:
    """A reset that is announced."""

    id: UUID
    person_id: UUID
    due_at: datetime


def terms_in_force() -> Terms:
    """Return the terms of today."""
    return dated.in_force(_terms(), clock.today())


def reset_by_token(token: str) -> ResetView:
    """Return the announced reset whose letter held a token. Raises: ResetUnknown."""
    query = select(FactorReset).where(
        FactorReset.token_digest == rules.digest(token),
        FactorReset.cancelled_at.is_(None),
        FactorReset.done_at.is_(None),
    )
    with reading() as current:
        row = current.scalars(query).one_or_none()
    if row is None:
        raise ResetUnknown
    return ResetView(row.id, row.person_id, row.due_at)


def announced_for(person_id: UUID) -> ResetView | None:
    """Return the reset that is announced for a person, None when there is none."""
    query = select(FactorReset).where(
        FactorReset.person_id == person_id,
        FactorReset.cancelled_at.is_(None),
        FactorReset.done_at.is_(None),
    )
    with reading() as current:
        row = current.scalars(query).one_or_none()
    return ResetView(row.id, row.person_id, row.due_at) if row else None


def due() -> list[UUID]:
    """Return the resets whose day is over."""
    query = select(FactorReset.id).where(
        FactorReset.due_at <= clock.now(),
        FactorReset.cancelled_at.is_(None),
        FactorReset.done_at.is_(None),
    )
    with reading() as current:
        return list(current.scalars(query))


@cache
def _terms() -> tuple[Terms, ...]:
    return dated.read(Path(__file__).parent / "data" / "terms.json", Terms)
