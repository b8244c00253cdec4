"""Reads of what was booked for one policy or claim, and of what was ceded to reinsurers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import text

from insurance.money.books import queries as books
from insurance.money.books.errors import NothingBooked
from insurance.money.books.queries import Booked
from insurance.money.reinsurance import queries as cessions
from insurance.money.reinsurance.queries import CededBordereau
from insurance.reporting.insurer_people import queries as insurer_people
from kernel.actor import Actor
from kernel.db import session
from kernel.money import Money
from kernel.statements import read_sql

__all__ = ["CededBordereau"]

_WHOSE = text(read_sql(__file__, "whose"))
_POLICY = text(read_sql(__file__, "policy_behind"))


@dataclass(frozen=True, slots=True, kw_only=True)
class PolicyBehind:
    """What a bordereau says of a policy, less who holds it.

    Shape: cover is a level, or the clauses of cargo; goods a class, or cargo's HS code; claims are
    references of those that something was booked for.
    """

    number: str
    cover: str
    goods: str
    sum_insured: Money
    origin: str
    destination: str
    bound_at: datetime
    attached_at: datetime | None
    ended_at: datetime | None
    claims: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What was booked for a policy or a claim, oldest first, with the policy behind it."""

    subject: str
    insurer_key: str
    policy: PolicyBehind | None
    moves: Sequence[Booked]


def record_of(subject: str, *, actor: Actor) -> Record:
    """Return what was booked under a number of an insurer that the actor may look at.

    Raises: NothingBooked, also for what is another insurer's.
    """
    found = session().execute(_WHOSE, {"subject": subject}).scalars().all()
    seen = insurer_people.among(actor, found)
    if not seen or len(seen) != len(found):
        raise NothingBooked
    return Record(
        subject=subject,
        insurer_key=found[0],
        policy=_policy_behind(subject),
        moves=books.record_of(subject),
    )


def ceded(*, insurer_key: str, actor: Actor) -> list[CededBordereau]:
    """Return the ceded bordereau of each treaty of an insurer. Raises: InsurerUnknown."""
    insurer_people.require(actor, insurer_key)
    return cessions.bordereaux(insurer_key=insurer_key)


def _policy_behind(subject: str) -> PolicyBehind | None:
    row = session().execute(_POLICY, {"subject": subject}).one_or_none()
    if row is None:
        return None
    return PolicyBehind(
        number=row.number,
        cover=row.cover or "",
        goods=row.goods or "",
        sum_insured=Money(row.sum_insured or 0, row.currency),
        origin=row.origin or "",
        destination=row.destination or "",
        bound_at=row.bound_at,
        attached_at=row.attached_at,
        ended_at=row.ended_at,
        claims=tuple(row.claims),
    )
