"""Reports and objections for the file of what somebody wrote, of each kind a part."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import Any
from uuid import UUID

from sqlalchemy import text

from kernel.db import session
from kernel.manifest import PersonalData
from marketplace.trust.moderation import service
from marketplace.trust.moderation.subjects import Subject, subjects

_REPORTS = text(
    """
    SELECT ref, subject_id, reason, words, name, email, locale, reported_at
    FROM marketplace.moderation_report
    WHERE kind = :kind AND reporter_id = :person ORDER BY reported_at, id
    """
)
_OBJECTIONS = text(
    """
    SELECT d.ref, d.subject_id, o.words, o.objected_at, o.review_words
    FROM marketplace.moderation_objection o
    JOIN marketplace.moderation_decision d ON d.id = o.decision_id
    WHERE d.kind = :kind AND o.objected_by = :person ORDER BY o.objected_at, d.id
    """
)
_COUNT = text(
    """
    SELECT (SELECT count(*) FROM marketplace.moderation_report
            WHERE kind = :kind AND reporter_id = :person)
        + (SELECT count(*) FROM marketplace.moderation_objection o
           JOIN marketplace.moderation_decision d ON d.id = o.decision_id
           WHERE d.kind = :kind AND o.objected_by = :person)
    """
)


def reports_of(person_id: UUID, kind: Subject) -> list[dict[str, Any]]:
    """Return what a person reported of a kind, then what they objected, as plain values.

    Shape: instants as ISO 8601 in UTC; the answer to an objection is told as read.
    """
    who = {"kind": kind.kind, "person": person_id}
    reports = session().execute(_REPORTS, who).all()
    objections = session().execute(_OBJECTIONS, who).all()
    views = kind.views({row.subject_id for row in (*reports, *objections)})
    written = [
        {
            "report": row.ref,
            kind.told.about: views[row.subject_id].ref,
            "reason": row.reason,
            "words": row.words,
            "name": row.name,
            "email": row.email,
            "language": row.locale,
            "reported_at": row.reported_at.isoformat(),
        }
        for row in reports
    ]
    return written + [
        {
            "decision": row.ref,
            kind.told.about: views[row.subject_id].ref,
            "words": row.words,
            "objected_at": row.objected_at.isoformat(),
            "answer": row.review_words or "",
        }
        for row in objections
    ]


def count_reports(person_id: UUID, kind: Subject) -> int:
    """Return how many reports and objections the file would hold."""
    who = {"kind": kind.kind, "person": person_id}
    return int(session().execute(_COUNT, who).scalar_one())


def _each_kind() -> Iterator[PersonalData]:
    for kind in subjects().values():
        yield PersonalData(
            key=kind.told.key,
            label=kind.told.label,
            stays=kind.told.stays,
            export=partial(reports_of, kind=kind),
            count=partial(count_reports, kind=kind),
            erase=partial(service.forget, kind=kind.kind),
        )


PERSONAL_DATA = tuple(_each_kind())
