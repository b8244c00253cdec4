"""What waits for an owner before anything else, from one question for all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from sqlalchemy import text

from kernel.db import session
from kernel.money import Money

_MOST = 5  # transfers still to come that are shown
_SIGNS = text(
    """
    SELECT coalesce((
            SELECT a.state = 'asked_again' FROM banking.applications a
            WHERE a.customer_id = :owner ORDER BY a.opened_at DESC, a.id DESC LIMIT 1
        ), false) AS must_answer,
        t.ref, t.payee_name, t.amount_minor, t.currency, t.state, t.due_on
    FROM (SELECT 1) one LEFT JOIN LATERAL (
        SELECT * FROM banking.transfers
        WHERE owner_id = :owner AND confirmed_at IS NOT NULL
            AND state IN ('awaiting_approval', 'scheduled')
        ORDER BY state, due_on, id LIMIT :most
    ) t ON true
    ORDER BY t.state, t.due_on, t.id
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting:
    """A transfer that was confirmed and has not left: for its day, or for a yes."""

    ref: str
    payee_name: str
    amount: Money
    due_on: date | None
    is_scheduled: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Signs:
    """What waits. Shape: must_answer when the bank asked for something again."""

    must_answer: bool
    waiting: Sequence[Waiting]


def signs_for(*, owner_id: UUID) -> Signs:
    """Return what waits for an owner; what needs a yes stands first."""
    rows = session().execute(_SIGNS, {"owner": owner_id, "most": _MOST}).all()
    return Signs(
        must_answer=rows[0].must_answer,
        waiting=[
            Waiting(
                ref=row.ref,
                payee_name=row.payee_name,
                due_on=row.due_on,
                amount=Money(row.amount_minor, row.currency),
                is_scheduled=row.state == "scheduled",
            )
            for row in rows
            if row.ref is not None
        ],
    )
