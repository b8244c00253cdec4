"""Questions for the file of what somebody wrote."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from kernel.db import session
from kernel.manifest import PersonalData
from kernel.text import N_
from marketplace.trust.questions import queries, service

_COUNT = text("SELECT count(*) FROM marketplace.product_question WHERE asker_id = :person")


def questions_of(person_id: UUID) -> list[dict[str, Any]]:
    """Return what a person asked as plain values, oldest first.

    Shape: instants as ISO 8601 in UTC; an answer belongs to the shop and is told as read.
    """
    return [
        {
            "product": one.goods.ref if one.goods else "",
            "words": one.words,
            "language": one.locale,
            "asked_at": one.asked_at.isoformat(),
            "answer": one.answer,
        }
        for one in queries.asked_by(person_id)
    ]


def count_questions(person_id: UUID) -> int:
    """Return how many of them the file would hold."""
    return int(session().execute(_COUNT, {"person": person_id}).scalar_one())


PERSONAL_DATA = (
    PersonalData(
        key="questions",
        label=N_("Questions about products"),
        stays=N_("Answered ones stay, without your name. Unanswered ones are deleted."),
        export=questions_of,
        count=count_questions,
        erase=service.forget,
    ),
)
