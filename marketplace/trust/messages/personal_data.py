"""Messages for the file of what somebody wrote."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from sqlalchemy import text

from kernel.db import session
from kernel.manifest import PersonalData
from kernel.text import N_
from marketplace.trust.messages import queries, service

_COUNT = text(
    "SELECT count(*) FROM marketplace.thread_message WHERE author_id = :person AND side = 'buyer'"
)


def messages_of(person_id: UUID) -> list[dict[str, Any]]:
    """Return what a person wrote as a buyer as plain values, oldest first."""
    return [
        {
            "thread": one.thread_ref,
            "order": one.order_ref,
            "words": one.words,
            "language": one.locale,
            "sent_at": one.sent_at.isoformat(),
        }
        for one in queries.written_by(person_id)
    ]


def count_messages(person_id: UUID) -> int:
    """Return how many of them the file would hold."""
    return int(session().execute(_COUNT, {"person": person_id}).scalar_one())


PERSONAL_DATA = (
    PersonalData(
        key="messages",
        label=N_("Messages to shops"),
        stays=N_("An empty line without your name takes their place."),
        export=messages_of,
        count=count_messages,
        erase=service.forget,
    ),
)
