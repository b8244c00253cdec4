"""Reports and objections about listings for the file of what somebody wrote."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from kernel.db import session
from kernel.manifest import PersonalData
from kernel.text import N_
from marketplace.trust.moderation import queries, service

_REPORTS = text(
    """
    SELECT q.ref, p.ref AS about, q.reason, q.words, q.name, q.email, q.locale, q.reported_at
    FROM marketplace.listing_report q JOIN marketplace.product p ON p.id = q.product_id
    WHERE q.reporter_id = :person ORDER BY q.reported_at, q.id
    """
)
_OBJECTIONS = text(
    """
    SELECT d.ref, p.ref AS about, o.words, o.objected_at, o.review_words
    FROM marketplace.listing_objection o JOIN marketplace.listing_decision d ON d.id = o.decision_id
    JOIN marketplace.product p ON p.id = d.product_id
    WHERE o.objected_by = :person ORDER BY o.objected_at, d.id
    """
)
_COUNT = text(
    "SELECT (SELECT count(*) FROM marketplace.listing_report WHERE reporter_id = :person)"
    " + (SELECT count(*) FROM marketplace.listing_objection WHERE objected_by = :person)"
)


def reports_of(person_id: UUID) -> list[dict[str, Any]]:
    """Return what a person reported of listings, then what they objected, as plain values.

    Shape: instants as ISO 8601 in UTC; the answer to an objection is told as read.
    """
    who = {"person": person_id}
    reports, objections = session().execute(_REPORTS, who), session().execute(_OBJECTIONS, who)
    return queries.told_of(reports, objections, about="product")


def count_reports(person_id: UUID) -> int:
    """Return how many reports and objections the file would hold."""
    return int(session().execute(_COUNT, {"person": person_id}).scalar_one())


PERSONAL_DATA = (
    PersonalData(
        key="listing_reports",
        label=N_("Reports about listings, and objections"),
        stays=N_(
            "Of decided reports a date and a reason stay, without your words and your name."
            " Those that wait are deleted. Objections of your shop stay, without your name."
        ),
        export=reports_of,
        count=count_reports,
        erase=service.forget,
    ),
)
