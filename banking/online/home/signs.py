"""What waits for an owner before anything else, from one question for all of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import ScalarSelect, Select, column, false, func, or_, select, text, true

from kernel.db import session
from kernel.money import Money

_MOST = 5  # transfers still to come that are shown
# Confirmed, and not gone: for its day, or for a yes.
_WAITING = (
    text(
        """
        SELECT id, ref, payee_name, amount_minor, currency, state, due_on FROM banking.transfers
        WHERE owner_id = :owner AND confirmed_at IS NOT NULL
            AND state IN ('awaiting_approval', 'scheduled')
        ORDER BY state, due_on, id LIMIT :most
        """
    )
    .columns(
        *map(column, ("id", "ref", "payee_name", "amount_minor", "currency", "state", "due_on"))
    )
    .subquery("waiting")
)

# Grows while rooms above register what they asked; afterwards nobody writes to it.
_questions: list[ScalarSelect[bool]] = []


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


def register_question(is_open: ScalarSelect[bool]) -> None:
    """Let a room above say, of the owner `:owner`, whether something it asked is not answered."""
    _questions.append(is_open)


def _statement() -> Select[Any]:
    """Return one statement for everything that waits, the questions of rooms above among it."""
    asked = select(
        or_(false(), *(func.coalesce(is_open, false()) for is_open in _questions)).label(
            "must_answer"
        )
    ).subquery("asked")
    there = _WAITING.c
    return (
        select(asked.c.must_answer, *there)
        .select_from(asked.outerjoin(_WAITING, true()))
        .order_by(there.state, there.due_on, there.id)
    )


def signs_for(*, owner_id: UUID) -> Signs:
    """Return what waits for an owner; what needs a yes stands first."""
    rows = session().execute(_statement(), {"owner": owner_id, "most": _MOST}).all()
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
