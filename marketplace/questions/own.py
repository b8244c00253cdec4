"""One's own file: everything a person asked, wrote and waits for, and nobody else's words."""

from __future__ import annotations

from typing import Any

from kernel.actor import Actor
from marketplace.alerts import queries as alerts
from marketplace.messages import queries as messages
from marketplace.questions import queries


def own_words(actor: Actor) -> dict[str, list[dict[str, Any]]]:
    """Return the actor's questions, messages and stock alerts as plain values, oldest first.

    Shape: instants as ISO 8601 in UTC; an answer belongs to the shop and is told as read.
    """
    assert actor.person_id is not None, "the permission lets people in only"
    asked = queries.asked_by(actor.person_id)
    return {
        "questions": [
            {
                "product": one.goods.ref if one.goods else "", "words": one.words,
                "language": one.locale, "asked_at": one.asked_at.isoformat(),
                "answer": one.answer,
            }
            for one in asked
        ],
        "messages": [
            {
                "thread": one.thread_ref, "order": one.order_ref, "words": one.words,
                "language": one.locale, "sent_at": one.sent_at.isoformat(),
            }
            for one in messages.written_by(actor.person_id)
        ],
        "stock_alerts": [
            {"product": one.product_ref, "wanted_at": one.wanted_at.isoformat()}
            for one in alerts.waited_for_by(actor.person_id)
        ],
    }  # fmt: skip
