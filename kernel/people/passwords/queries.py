"""Reads of links to a new password."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import func, select

from kernel import clock, dated
from kernel.db import reading
from kernel.people.identity import queries as people
from kernel.people.mfa import queries as factors
from kernel.people.passwords import rules
from kernel.people.passwords.errors import PasswordLinkOver
from kernel.people.passwords.models import PasswordLink
from kernel.people.passwords.rules import Terms


@dataclass(frozen=True, slots=True)
class LinkView:
    """A link that still leads to a new password."""

    id: UUID
    person_id: UUID
    email: str
    has_second_step: bool


def terms_in_force() -> Terms:
    """Return the terms of today."""
    return dated.in_force(_terms(), clock.today())


def link_by_token(token: str) -> LinkView:
    """Return the link whose letter held a token.

    Raises: PasswordLinkOver, also when address or password are no longer what they were.
    """
    query = select(PasswordLink).where(
        PasswordLink.token_digest == rules.digest(token),
        PasswordLink.ended_at.is_(None),
        PasswordLink.done_at.is_(None),
        PasswordLink.expires_at > clock.now(),
    )
    with reading() as current:
        row = current.scalars(query).one_or_none()
    person = people.person(row.person_id) if row else None
    if row is None or person is None or person.email != row.email:
        raise PasswordLinkOver
    if people.password_mark(person.id) != row.password_mark:
        raise PasswordLinkOver
    return LinkView(row.id, person.id, person.email, factors.ways_of(person.id).any)


def last_done_at(person_id: UUID) -> datetime | None:
    """Return when a person last got a new password by a link, None when never."""
    query = select(func.max(PasswordLink.done_at)).where(PasswordLink.person_id == person_id)
    with reading() as current:
        return current.execute(query).scalar_one_or_none()


@cache
def _terms() -> tuple[Terms, ...]:
    return dated.read(Path(__file__).parent / "data" / "terms.json", Terms)
