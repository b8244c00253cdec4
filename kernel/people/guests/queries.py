"""Reads of guests."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import Row, select, text

from kernel import clock, dated
from kernel.actor import Actor
from kernel.db import reading
from kernel.manifest import manifests
from kernel.memory import Memory
from kernel.people.guests.models import Guest
from kernel.people.guests.rules import Terms
from kernel.people.identity import queries as people
from kernel.people.identity.models import Person, PersonSession
from kernel.people.identity.queries import PersonView

_GUESTS = select(
    Person.id,
    Person.guest_email,
    Person.name,
    Person.locale,
    Person.country,
    Guest.bought_at,
    Guest.taken_by,
).join(Guest, Guest.person_id == Person.id)
_BOUGHT_AT = text("SELECT bought_at FROM kernel.guest WHERE person_id = :guest_id")

_have_bought: Memory[UUID, bool] = Memory(seconds=600, most=10_000)


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
    def is_guest(self) -> bool:
        """A guest is one, whatever became of them; letters ask."""
        return True

    @property
    def is_over(self) -> bool:
        """Whether an account has taken everything along."""
        return self.taken_by is not None


@dataclass(frozen=True, slots=True)
class Found:
    """An order that somebody looked for. Shape: path stands under the language, `/orders/…`."""

    ref: str
    person_id: UUID
    path: str


def terms_in_force() -> Terms:
    """Return the terms of today."""
    return dated.in_force(_terms(), clock.today())


def guest(guest_id: UUID) -> GuestView | None:
    """Return a guest, None for accounts and for who was forgotten."""
    query = _GUESTS.where(Person.id == guest_id)
    with reading() as current:
        row = current.execute(query).one_or_none()
    return _view(row) if row else None


def whose(ref: str) -> Found | None:
    """Return who bought what a reference is printed on, None where it is on nothing."""
    for belongings in (one for package in manifests() for one in package.belongings()):
        found = belongings.whose(ref) if belongings.whose else None
        if found is not None:
            return Found(ref, *found)
    return None


def reader_of(person_id: UUID, email: str) -> PersonView | GuestView | None:
    """Return who may be written to about what somebody bought, at an address that was typed.

    It is the buyer's own, or that of a guest whose account has it by now; for any other None.
    """
    buyer = people.person(person_id)
    if buyer is not None and buyer.email == email:
        return buyer
    query = (
        _GUESTS.where(Person.guest_email == email, Guest.taken_by == person_id)
        .order_by(Guest.over_at.desc())
        .limit(1)
    )
    with reading() as current:
        row = current.execute(query).one_or_none()
    return _view(row) if row else None


def guest_of(actor: Actor) -> GuestView | None:
    """Return the guest that somebody is, None for everybody else."""
    return guest(actor.somebody()) if actor.is_guest else None


def now_of(person_id: UUID) -> UUID:
    """Return the account that a guest's things are in by now; everybody else is who they are."""
    query = select(Guest.taken_by).where(Guest.person_id == person_id)
    with reading() as current:
        return current.execute(query).scalar_one_or_none() or person_id


def bought_with(email: str) -> list[UUID]:
    """Return the guests who bought with an address and are in no account yet, oldest first."""
    query = _GUESTS.where(
        Person.guest_email == email, Guest.bought_at.is_not(None), Guest.over_at.is_(None)
    ).order_by(Guest.bought_at)
    with reading() as current:
        return [row.id for row in current.execute(query)]


def has_order(guest_id: UUID) -> bool:
    """Whether rooms that know who bought what have anything of a guest's."""
    columns = [
        column
        for package in manifests()
        for one in package.belongings()
        if one.whose is not None
        for column in one.columns
    ]
    with reading() as current:
        return any(
            current.execute(select(column).where(column == guest_id).limit(1)).first() is not None
            for column in columns
        )


def bought_at(guest_id: UUID) -> datetime | None:
    """Return when a guest bought something first, None before; commands decide by it."""
    with reading() as current:
        return current.execute(_BOUGHT_AT, {"guest_id": guest_id}).scalar_one_or_none()


def has_bought(guest_id: UUID) -> bool:
    """Whether a guest has bought something; a page asks once, since it stays as it is."""
    if _have_bought.get(guest_id):
        return True
    has_now = bought_at(guest_id) is not None
    if has_now:
        keep_bought(guest_id)
    return has_now


def keep_bought(guest_id: UUID) -> None:
    """Spare pages a question about a guest whose order was just read."""
    _have_bought.keep({guest_id: True})


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
