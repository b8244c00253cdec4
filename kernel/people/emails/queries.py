"""Reads of changes of addresses."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import ColumnElement, select

from kernel import clock, dated
from kernel.db import reading
from kernel.people.emails import rules
from kernel.people.emails.errors import EmailLinkOver
from kernel.people.emails.models import EmailChange
from kernel.people.emails.rules import Terms


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """A change of address. Shape: back_until is None until it counted."""

    id: UUID
    person_id: UUID
    before: str
    after: str
    back_until: datetime | None

    @property
    def is_done(self) -> bool:
        """Whether the new address counts."""
        return self.back_until is not None


def terms_in_force() -> Terms:
    """Return the terms of today."""
    return dated.in_force(_terms(), clock.today())


def to_confirm(token: str) -> ChangeView:
    """Return the change that the link in the new address's mail confirms. Raises: EmailLinkOver."""
    return _only(
        (EmailChange.confirm_digest == rules.digest(token))
        & EmailChange.confirmed_at.is_(None)
        & (EmailChange.expires_at > clock.now())
    )


def to_take_back(token: str) -> ChangeView:
    """Return the change that the link in the old address's mail takes back.

    Raises: EmailLinkOver.
    """
    return _only(
        (EmailChange.back_digest == rules.digest(token))
        & (EmailChange.back_until.is_(None) | (EmailChange.back_until > clock.now()))
    )


def waiting_for(person_id: UUID) -> ChangeView | None:
    """Return the change that waits for its link to be followed, None without one."""
    query = select(EmailChange).where(
        EmailChange.person_id == person_id,
        EmailChange.confirmed_at.is_(None),
        EmailChange.ended_at.is_(None),
        EmailChange.expires_at > clock.now(),
    )
    with reading() as current:
        row = current.scalars(query).one_or_none()
    return _view(row) if row else None


def _only(which: ColumnElement[bool]) -> ChangeView:
    query = select(EmailChange).where(which, EmailChange.ended_at.is_(None))
    with reading() as current:
        row = current.scalars(query).one_or_none()
    if row is None:
        raise EmailLinkOver
    return _view(row)


def _view(row: EmailChange) -> ChangeView:
    return ChangeView(
        id=row.id,
        person_id=row.person_id,
        before=row.before,
        after=row.after,
        back_until=row.back_until,
    )


@cache
def _terms() -> tuple[Terms, ...]:
    return dated.read(Path(__file__).parent / "data" / "terms.json", Terms)
