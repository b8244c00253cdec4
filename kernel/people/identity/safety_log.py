"""The log of a person's safety, with the device and the network that each line came from."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, text

from kernel.actor import Actor
from kernel.db import reading, session
from kernel.errors import NotSignedIn
from kernel.geoip.queries import Place, place_of

PAGE = 20
_MOST = 5000  # lines of an export
_LINES = """
    SELECT l.id, l.at, l.kind, l.data, coalesce(s.device, '') AS device, s.network
    FROM kernel.safety_log l LEFT JOIN kernel.person_session s ON s.id = l.session_id
"""
_LOG = text(
    _LINES + " WHERE l.person_id = :person AND (CAST(:before AS bigint) IS NULL OR l.id < :before)"
    " ORDER BY l.id DESC LIMIT :count"
)
_ONE = text(f"{_LINES} WHERE l.id = :id")


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
        lines = [_line(row) for row in current.execute(_LOG, where)]
    return LogPage(lines[:count], lines[count - 1].id if len(lines) > count else None)


def whole_log(actor: Actor) -> list[LogLine]:
    """Return the actor's own log for an export, newest first. Raises: NotSignedIn."""
    return log_of(actor, count=_MOST).lines


def line(entry_id: int) -> LogLine:
    """Return a line for the letter that tells of it."""
    return _line(session().execute(_ONE, {"id": entry_id}).one())


def _line(row: Row[Any]) -> LogLine:
    return LogLine(
        id=row.id,
        at=row.at,
        kind=row.kind,
        data=row.data,
        device=row.device,
        place=place_of(row.network),
    )
