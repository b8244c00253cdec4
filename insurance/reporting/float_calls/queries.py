"""Reads of calls for claims money, each with how it was answered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Row, text

from insurance.reporting.float_calls import rules
from insurance.reporting.float_calls.errors import FloatCallUnknown
from insurance.reporting.float_calls.rules import Answer, Called, Says
from insurance.reporting.insurer_people import queries as insurer_people
from kernel import clock
from kernel.actor import Actor
from kernel.db import session
from kernel.money import Money

__all__ = ["Answer", "Says"]

_CALLS = text(
    """
    SELECT id, ref, insurer_key, currency, amount, words, pay_by, person_id, sent_at
    FROM insurance.float_calls WHERE insurer_key = :insurer_key ORDER BY sent_at, ref
    """
)
_WHOSE = text("SELECT insurer_key FROM insurance.float_calls WHERE ref = :ref")
_REPLIES = text(
    """
    SELECT a.call_id, a.says, a.pay_on, a.words, a.at, p.name
    FROM insurance.float_call_answers AS a
    JOIN insurance.float_calls AS c ON c.id = a.call_id
    LEFT JOIN kernel.person AS p ON p.id = a.person_id
    WHERE c.insurer_key = :insurer_key ORDER BY a.at DESC, a.id DESC
    """
)
_RECEIVED = text(
    """
    SELECT a.currency, j.booked_at AS at, e.amount FROM banking.ledger_accounts AS a
    JOIN banking.entries AS e ON e.account_id = a.id
    JOIN banking.journals AS j ON j.id = e.journal_id
    WHERE a.kind = 'insurer_float' AND a.key = :insurer_key AND j.kind = 'float_received'
    AND j.booked_at >= :since ORDER BY j.booked_at, j.id
    """
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What an insurer answered in words. Shape: pay_on where it pays; by is a name."""

    says: Says
    pay_on: date | None
    words: str
    by: str
    at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class FloatCall:
    """A letter that asked for claims money.

    Shape: words as they were sent; received of the amount so far; paid_on when it was whole;
    replies are what the insurer wrote back, the newest first.
    """

    id: UUID
    ref: str
    insurer_key: str
    amount: Money
    words: str
    pay_by: date
    person_id: UUID | None
    sent_at: datetime
    received: Money
    paid_on: date | None
    answer: Answer
    replies: Sequence[Reply]

    @property
    def is_open(self) -> bool:
        """Whether the insurer has not paid all of it."""
        return self.paid_on is None


def calls(*, insurer_key: str, actor: Actor) -> list[FloatCall]:
    """Return what an insurer was asked for, the newest letter first. Raises: InsurerUnknown."""
    insurer_people.require(actor, insurer_key)
    rows = session().execute(_CALLS, {"insurer_key": insurer_key}).all()
    if not rows:
        return []
    received: dict[str, list[tuple[datetime, Money]]] = defaultdict(list)
    since = {"insurer_key": insurer_key, "since": rows[0].sent_at}
    for row in session().execute(_RECEIVED, since):
        received[row.currency].append((row.at, Money(int(row.amount), row.currency)))
    replies = _replies(insurer_key)
    found = [
        one
        for currency in {row.currency for row in rows}
        for one in _with_answers(
            [row for row in rows if row.currency == currency], received, replies
        )
    ]
    return sorted(found, key=lambda call: (call.sent_at, call.ref), reverse=True)


def call_of(ref: str, *, actor: Actor) -> FloatCall:
    """Return one letter to an insurer that the actor may look at. Raises: FloatCallUnknown."""
    insurer_key = session().execute(_WHOSE, {"ref": ref}).scalar_one_or_none()
    if insurer_key is None or not insurer_people.among(actor, [insurer_key]):
        raise FloatCallUnknown
    for call in calls(insurer_key=insurer_key, actor=actor):
        if call.ref == ref:
            return call
    raise FloatCallUnknown


def _replies(insurer_key: str) -> Mapping[UUID, Sequence[Reply]]:
    found: dict[UUID, list[Reply]] = defaultdict(list)
    for row in session().execute(_REPLIES, {"insurer_key": insurer_key}):
        found[row.call_id].append(
            Reply(
                says=Says(row.says),
                pay_on=row.pay_on,
                words=row.words,
                by=row.name or "",
                at=row.at,
            )
        )
    return found


def _with_answers(
    rows: Sequence[Row[Any]],
    received: Mapping[str, Sequence[tuple[datetime, Money]]],
    replies: Mapping[UUID, Sequence[Reply]],
) -> list[FloatCall]:
    asked = [
        Called(amount=Money(row.amount, row.currency), sent_at=row.sent_at, pay_by=row.pay_by)
        for row in rows
    ]
    answers = rules.answered(asked, received.get(rows[0].currency, ()))
    return [
        FloatCall(
            id=row.id,
            ref=row.ref,
            insurer_key=row.insurer_key,
            amount=call.amount,
            words=row.words,
            pay_by=row.pay_by,
            person_id=row.person_id,
            sent_at=row.sent_at,
            received=found.received,
            paid_on=found.on,
            answer=rules.answer_of(call, found, clock.today()),
            replies=replies.get(row.id, ()),
        )
        for row, call, found in zip(rows, asked, answers, strict=True)
    ]
