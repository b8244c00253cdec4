"""Reads of guests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import Row, select

from kernel import clock, dated
from kernel.actor import Actor
from kernel.db import reading
from kernel.people.guests.models import Guest
from kernel.people.guests.rules import Terms
from kernel.people.identity.models import Person, PersonSession


@dataclass(frozen=True, slots=True, kw_only=True)
class GuestView:
    """A guest as other rooms see one.

    Shape: bought_at is their first purchase, None before; taken_by is the account that has
    everything of theirs by now.
    """

    id: UUID
    email: str
    name: str
    locale: str
    country: str
    bought_at: datetime | None
    taken_by: UUID | None

    @property
    def is_over(self) -> bool:
        """Whether an account has taken everything along."""
        return self.taken_by is not None


def terms_in_force() -> Terms:
    """Return the terms of today."""
    return dated.in_force(_terms(), clock.today())


def guest(guest_id: UUID) -> GuestView | None:
    """Return a guest, None for accounts and for who was forgotten."""
    query = (
        select(
            Person.id,
            Person.guest_email,
            Person.name,
            Person.locale,
            Person.country,
            Guest.bought_at,
            Guest.taken_by,
        )
        .join(Guest, Guest.person_id == Person.id)
        .where(Person.id == guest_id)
    )
    with reading() as current:
        row = current.execute(query).one_or_none()
    return _view(row) if row else None


def guest_of(actor: Actor) -> GuestView | None:
    """Return the guest that somebody is, None for everybody else."""
    return guest(actor.somebody()) if actor.is_guest else None


def has_bought(guest_id: UUID) -> bool:
    """Whether a guest has bought something."""
    query = select(Guest.bought_at).where(Guest.person_id == guest_id)
    with reading() as current:
        return current.execute(query).scalar_one_or_none() is not None


def has_mailbox(actor: Actor) -> bool:
    """Whether a link in a letter opened the guest's session, so that the mailbox is theirs."""
    query = select(PersonSession.by_link).where(PersonSession.id == actor.session_id)
    with reading() as current:
        return bool(current.execute(query).scalar_one_or_none())


def _view(
    row: Row[UUID, str | None, str, str, str, datetime | None, UUID | None],
) -> GuestView:
    assert row.guest_email is not None, "a guest has an address for letters"
    return GuestView(
        id=row.id,
        email=row.guest_email,
        name=row.name,
        locale=row.locale,
        country=row.country,
        bought_at=row.bought_at,
        taken_by=row.taken_by,
    )


@cache
def _terms() -> tuple[Terms, ...]:
    return dated.read(Path(__file__).parent / "data" / "terms.json", Terms)
