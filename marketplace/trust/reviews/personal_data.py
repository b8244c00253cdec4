"""Reviews for the file of what somebody wrote."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from kernel.config import settings
from kernel.db import session
from kernel.manifest import PersonalData
from kernel.text import N_
from marketplace.trust.reviews import queries, service

_COUNT = text("SELECT count(*) FROM marketplace.review WHERE author_id = :person")


def reviews_of(person_id: UUID) -> list[dict[str, Any]]:
    """Return what a person said of goods as plain values, newest first."""
    return [
        {
            "ref": entry.review.ref,
            "product": entry.goods.ref,
            "stars": entry.review.stars,
            "title": entry.review.title,
            "text": entry.review.words,
            "language": entry.review.locale,
            "country": entry.review.country,
            "name": entry.review.author,
            "state": str(entry.review.state),
            "written_at": entry.review.written_at.isoformat(),
            "changed_at": entry.review.changed_at and entry.review.changed_at.isoformat(),
            "answer": entry.review.answer and entry.review.answer.words,
            "photos": [
                {"file": settings().base_url + one.large, "shows": one.alt, "sha256": one.sha256}
                for one in entry.review.photos
            ],
        }
        for entry in queries.written_by(person_id)
    ]


def count_reviews(person_id: UUID) -> int:
    """Return how many of them the file would hold."""
    return int(session().execute(_COUNT, {"person": person_id}).scalar_one())


PERSONAL_DATA = (
    PersonalData(
        key="reviews",
        label=N_("Product reviews"),
        stays=N_(
            "They stay with just your country, so no one can tell they're yours. Your photos are"
            " deleted."
        ),
        export=reviews_of,
        count=count_reviews,
        erase=service.let_go,
    ),
)
