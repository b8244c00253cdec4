"""Reviews, reports and objections for the file of what somebody wrote."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from kernel.config import settings
from kernel.db import session
from kernel.manifest import PersonalData
from kernel.text import N_
from marketplace.trust.moderation import queries as moderation
from marketplace.trust.reviews import objections, queries, service

_COUNT = text("SELECT count(*) FROM marketplace.review WHERE author_id = :person")
_REPORTS = text(
    """
    SELECT q.ref, r.ref AS about, q.reason, q.words, q.name, q.email, q.locale, q.reported_at
    FROM marketplace.review_report q JOIN marketplace.review r ON r.id = q.review_id
    WHERE q.reporter_id = :person ORDER BY q.reported_at, q.id
    """
)
_OBJECTIONS = text(
    """
    SELECT d.ref, r.ref AS about, o.words, o.objected_at, o.review_words
    FROM marketplace.review_objection o JOIN marketplace.review_decision d ON d.id = o.decision_id
    JOIN marketplace.review r ON r.id = d.review_id
    WHERE o.objected_by = :person ORDER BY o.objected_at, d.id
    """
)
_COUNT_REPORTS = text(
    "SELECT (SELECT count(*) FROM marketplace.review_report WHERE reporter_id = :person)"
    " + (SELECT count(*) FROM marketplace.review_objection WHERE objected_by = :person)"
)


def reviews_of(person_id: UUID) -> list[dict[str, Any]]:
    """Return what a person said of goods as plain values, newest first."""
    return [
        {
            "ref": told.review.ref,
            "product": told.goods.ref,
            "stars": told.review.stars,
            "title": told.review.title,
            "text": told.review.words,
            "language": told.review.locale,
            "country": told.review.country,
            "name": told.review.author,
            "state": str(told.review.state),
            "written_at": told.review.written_at.isoformat(),
            "changed_at": told.review.changed_at and told.review.changed_at.isoformat(),
            "answer": told.review.answer and told.review.answer.words,
            "photos": [
                {"file": settings().base_url + one.large, "shows": one.alt, "sha256": one.sha256}
                for one in told.review.photos
            ],
        }
        for told in queries.written_by(person_id)
    ]


def count_reviews(person_id: UUID) -> int:
    """Return how many of them the file would hold."""
    return int(session().execute(_COUNT, {"person": person_id}).scalar_one())


def reports_of(person_id: UUID) -> list[dict[str, Any]]:
    """Return what a person reported of reviews, then what they objected, as plain values.

    Shape: instants as ISO 8601 in UTC; the answer to an objection is told as read.
    """
    who = {"person": person_id}
    reports, objections = session().execute(_REPORTS, who), session().execute(_OBJECTIONS, who)
    return moderation.told_of(reports, objections, about="review")


def count_reports(person_id: UUID) -> int:
    """Return how many reports and objections the file would hold."""
    return int(session().execute(_COUNT_REPORTS, {"person": person_id}).scalar_one())


PERSONAL_DATA = (
    PersonalData(
        key="reviews",
        label=N_("Reviews of goods"),
        stays=N_(
            "They stay, with your country alone, and nobody can tell that they are yours."
            " Your photos are deleted."
        ),
        export=reviews_of,
        count=count_reviews,
        erase=service.let_go,
    ),
    PersonalData(
        key="review_reports",
        label=N_("Reports about reviews, and objections"),
        stays=N_(
            "Of decided ones a date and a reason stay, without your words and your name."
            " Those that wait are deleted."
        ),
        export=reports_of,
        count=count_reports,
        erase=objections.forget,
    ),
)
