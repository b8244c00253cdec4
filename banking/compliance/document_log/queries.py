"""Openings, deletions, and which documents' time is over."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import text

from banking.compliance.document_log import rules
from banking.compliance.document_log.errors import DocumentDeleted, OpeningOver
from banking.compliance.document_log.rules import WHY_WORDS, Retention, Starts, Why
from banking.compliance.onboarding import queries as onboarding
from banking.compliance.onboarding.queries import DocumentView
from kernel import clock
from kernel.actor import Actor
from kernel.db import session

__all__ = ["WHY_WORDS", "Why"]

_OPENINGS = text(
    """
    SELECT o.id, o.document_id, o.officer_id, o.why, o.at, coalesce(p.name, '') AS officer
    FROM banking.document_openings o
    JOIN banking.application_documents d ON d.id = o.document_id
    LEFT JOIN kernel.person p ON p.id = o.officer_id
    WHERE d.application_id = :id ORDER BY o.at DESC, o.id LIMIT 60
    """
)
_DELETIONS = text(
    """
    SELECT x.document_id, x.months, x.source, x.at FROM banking.document_deletions x
    JOIN banking.application_documents d ON d.id = x.document_id WHERE d.application_id = :id
    """
)
# A relationship is over when the account is closed, which it stays.
_DUE = text(
    """
    SELECT d.id, d.sha256, r.outcome, r.months, r.source
    FROM banking.application_documents d
    JOIN banking.applications a ON a.id = d.application_id
    JOIN banking.customers c ON c.id = a.customer_id
    JOIN unnest(CAST(:outcomes AS text[]), CAST(:starts AS text[]), CAST(:months AS int[]),
        CAST(:sources AS text[])) r (outcome, starts, months, source) ON r.outcome = a.state
    WHERE (CAST(:only AS uuid) IS NULL OR d.id = :only)
        AND NOT EXISTS (SELECT FROM banking.document_deletions x WHERE x.document_id = d.id)
        AND CASE r.starts WHEN 'decision' THEN a.ended_at ELSE c.closed_at END
            + make_interval(months => r.months) <= :now
    ORDER BY d.kept_at, d.id LIMIT 200
    """
)
# The words of an application have the time of its documents, and may have none of them.
_WORDS_DUE = text(
    """
    SELECT a.id FROM banking.applications a
    JOIN banking.customers c ON c.id = a.customer_id
    JOIN unnest(CAST(:outcomes AS text[]), CAST(:starts AS text[]), CAST(:months AS int[]))
        r (outcome, starts, months) ON r.outcome = a.state
    WHERE a.erased_at IS NULL AND (CAST(:only AS uuid) IS NULL OR a.id = :only)
        AND CASE r.starts WHEN 'decision' THEN a.ended_at ELSE c.closed_at END
            + make_interval(months => r.months) <= :now
    ORDER BY a.ended_at, a.id LIMIT 200
    """
)
_KEPT = text(
    """
    SELECT EXISTS (SELECT FROM banking.application_documents d WHERE d.sha256 = :sha256
        AND NOT EXISTS (SELECT FROM banking.document_deletions x WHERE x.document_id = d.id))
    """
)
_OPENED = text(
    """
    SELECT o.document_id, EXISTS (SELECT FROM banking.document_deletions x
        WHERE x.document_id = o.document_id) AS is_deleted
    FROM banking.document_openings o
    WHERE o.id = :id AND o.officer_id = :officer AND o.at > :since
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpeningView:
    """Who opened which document, when and why."""

    id: UUID
    document_id: UUID
    officer_id: UUID
    officer: str
    why: Why
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DeletionView:
    """When and by what rule a file was deleted."""

    months: int
    source: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A document whose time is over, and the rule that says so."""

    id: UUID
    sha256: str
    outcome: str
    months: int
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Trail:
    """What became of an application's documents.

    Shape: openings newest first; deletions by document; mine is the opening under which whoever
    looks may read a document now.
    """

    openings: Sequence[OpeningView]
    deletions: Mapping[UUID, DeletionView]
    mine: Mapping[UUID, UUID]
    retention: Retention | None


def trail(actor: Actor, *, application_id: UUID, outcome: str) -> Trail:
    """Return what became of an application's documents, as an officer may see it."""
    openings = [
        OpeningView(
            id=row.id,
            document_id=row.document_id,
            officer_id=row.officer_id,
            officer=row.officer,
            why=Why(row.why),
            at=row.at,
        )
        for row in session().execute(_OPENINGS, {"id": application_id})
    ]
    gone = session().execute(_DELETIONS, {"id": application_id})
    since = clock.now() - opening_lasts()
    return Trail(
        openings=openings,
        deletions={
            row.document_id: DeletionView(months=row.months, source=row.source, at=row.at)
            for row in gone
        },
        mine={
            one.document_id: one.id
            for one in reversed(openings)
            if one.officer_id == actor.person_id and one.at > since
        },
        retention=retention().get(outcome, retention().get("approved")),
    )


def opened(actor: Actor, *, ref: str, opening_id: UUID) -> tuple[DocumentView, bytes]:
    """Return the document an officer opened, as long as the opening lasts.

    Raises: OpeningOver, DocumentDeleted, ApplicationUnknown.
    """
    where = {"id": opening_id, "officer": actor.person_id, "since": clock.now() - opening_lasts()}
    opening = session().execute(_OPENED, where).one_or_none()
    if opening is None:
        raise OpeningOver
    if opening.is_deleted:
        raise DocumentDeleted
    return onboarding.document(ref=ref, document_id=opening.document_id)


def words_due(*, only: UUID | None = None) -> list[UUID]:
    """Return up to two hundred applications whose words are over their time, oldest first."""
    rows = list(retention().values())
    where = {
        "outcomes": [row.outcome for row in rows],
        "starts": [row.starts.value for row in rows],
        "months": [row.months for row in rows],
        "now": clock.now(),
        "only": only,
    }
    return list(session().execute(_WORDS_DUE, where).scalars())


def due(*, only: UUID | None = None) -> list[Due]:
    """Return up to two hundred documents whose time is over, oldest first."""
    rows = list(retention().values())
    where = {
        "outcomes": [row.outcome for row in rows],
        "starts": [row.starts.value for row in rows],
        "months": [row.months for row in rows],
        "sources": [row.source for row in rows],
        "now": clock.now(),
        "only": only,
    }
    return [
        Due(id=row.id, sha256=row.sha256, outcome=row.outcome, months=row.months, source=row.source)
        for row in session().execute(_DUE, where)
    ]


def is_kept(*, sha256: str) -> bool:
    """Whether any document still needs the file of this content."""
    return bool(session().execute(_KEPT, {"sha256": sha256}).scalar_one())


def retention() -> dict[str, Retention]:
    """Return how long documents are kept by today's law, by the application's outcome."""
    rows = (
        Retention(
            valid_from=date.fromisoformat(row["valid_from"]),
            outcome=row["outcome"],
            starts=Starts(row["starts"]),
            months=row["months"],
            source=row["source"],
        )
        for row in _data()["retention"]
    )
    return rules.in_force(rows, clock.today())


def opening_lasts() -> timedelta:
    """Return how long an officer may look before saying again why."""
    today = clock.today().isoformat()
    rows = [row for row in _data()["openings"] if row["valid_from"] <= today]
    return timedelta(minutes=max(rows, key=lambda row: str(row["valid_from"]))["minutes"])


@cache
def _data() -> Mapping[str, Any]:
    path = Path(__file__).parent / "data" / "retention.json"
    data: Mapping[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return data
