"""Reads the log of a person's safety, and until when little may be spent."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select, text

from kernel import clock
from kernel.actor import Actor
from kernel.db import reading, session
from kernel.errors import NotSignedIn
from kernel.geoip.queries import Place, place_of
from kernel.people.safety.models import ReducedSpending, SafetyEntry
from kernel.people.safety.rules import Kind

__all__ = ["Kind", "LogLine", "LogPage"]

PAGE = 20
_MOST = 5000  # lines of an export
_LOG = text(
    """
    SELECT l.id, l.at, l.kind, l.data, coalesce(s.device, '') AS device, s.network
    FROM kernel.safety_log l LEFT JOIN kernel.person_session s ON s.id = l.session_id
    WHERE l.person_id = :person AND (CAST(:before AS bigint) IS NULL OR l.id < :before)
    ORDER BY l.id DESC LIMIT :count
    """
)
_SEEN = text("SELECT device, network FROM kernel.person_session WHERE id = :id")


@dataclass(frozen=True, slots=True, kw_only=True)
class LogLine:
    """One line as its person reads it.

    Shape: device is a user agent, empty when unknown; place is where its session was opened from.
    """

    id: int
    at: datetime
    kind: str
    data: Mapping[str, Any]
    device: str
    place: Place | None


@dataclass(frozen=True, slots=True)
class LogPage:
    """A page of the log, newest first. Shape: before leads on, None at the end."""

    lines: list[LogLine]
    before: int | None


def log_of(actor: Actor, *, before: int | None = None, count: int = PAGE) -> LogPage:
    """Return a page of the actor's own log. Raises: NotSignedIn."""
    if actor.person_id is None:
        raise NotSignedIn
    where = {"person": actor.person_id, "before": before, "count": count + 1}
    with reading() as current:
        lines = [
            LogLine(
                id=r.id,
                at=r.at,
                kind=r.kind,
                data=r.data,
                device=r.device,
                place=place_of(r.network),
            )
            for r in current.execute(_LOG, where)
        ]
    return LogPage(lines[:count], lines[count - 1].id if len(lines) > count else None)


def whole_log(actor: Actor) -> list[LogLine]:
    """Return the actor's own log for an export, newest first. Raises: NotSignedIn."""
    return log_of(actor, count=_MOST).lines


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


def entry(entry_id: int) -> LogLine:
    """Return a line for the letter that tells of it."""
    row = session().scalars(select(SafetyEntry).where(SafetyEntry.id == entry_id)).one()
    seen = session().execute(_SEEN, {"id": row.session_id}).one_or_none()
    return LogLine(
        id=row.id,
        at=row.at,
        kind=row.kind,
        data=row.data,
        device=seen.device if seen else "",
        place=place_of(seen.network) if seen else None,
    )


def reduced_until(person_id: UUID) -> datetime | None:
    """Return until when somebody may spend only little, None when nothing is reduced.

    That follows a reset of a second factor, and a new password by mail where there is none.
    """
    query = select(ReducedSpending.until).where(
        ReducedSpending.person_id == person_id, ReducedSpending.until > clock.now()
    )
    with reading() as current:
        return current.execute(query).scalar_one_or_none()
