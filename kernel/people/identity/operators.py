"""Commands of operators at a terminal: whose sessions end, who gets in, who works for the house."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from kernel import clock
from kernel.actor import GUARDED, Actor, Role
from kernel.db import command, session
from kernel.people.identity.errors import PersonUnknown
from kernel.people.identity.models import Person, PersonSession
from kernel.people.safety import service as safety
from kernel.people.safety.service import Kind


@command("kernel.identity.sign_out")
def sign_out(*, email: str | None, actor: Actor) -> int:
    """End every session of somebody, or of everybody without a name; return how many.

    Raises: PersonUnknown.
    """
    open_ones = update(PersonSession).where(PersonSession.ended_at.is_(None))
    if email is not None:
        open_ones = open_ones.where(PersonSession.person_id == _named(email).id)
    ended = open_ones.values(ended_at=clock.now()).returning(PersonSession.id)
    return len(session().execute(ended).all())


@command("kernel.identity.bar")
def bar(*, email: str, actor: Actor) -> int:
    """Let nobody in with an account, and end its sessions; return how many.

    Whoever opens a session holds the person's row, so none is opened beside this.
    Locks: the person. Raises: PersonUnknown.
    """
    person = _named(email)
    if person.barred_at is None:
        person.barred_at = clock.now()
        safety.record(person_id=person.id, kind=Kind.BARRED, actor=actor)
    session().flush()
    return sign_out(email=email, actor=actor)


@command("kernel.identity.admit")
def admit(*, email: str, actor: Actor) -> None:
    """Let somebody in again who was barred. Locks: the person. Raises: PersonUnknown."""
    person = _named(email)
    if person.barred_at is not None:
        person.barred_at = None
        safety.record(person_id=person.id, kind=Kind.ADMITTED, actor=actor)


@command("kernel.identity.give_role")
def give_role(*, email: str, role: Role, actor: Actor) -> UUID | None:
    """Let somebody work for the house or an insurer; twice is once.

    Returns who it is if they had no guarded role before. Locks: the person. Raises: PersonUnknown.
    """
    person = _named(email)
    if role in person.roles:
        return None
    is_new = not GUARDED.intersection(person.roles)
    person.roles = sorted({*person.roles, role})
    safety.record(person_id=person.id, kind=Kind.APPOINTED, actor=actor)
    return person.id if is_new else None


@command("kernel.identity.dismiss")
def dismiss(*, email: str, role: Role, actor: Actor) -> None:
    """Take a guarded role from somebody, from their next page on; a customer stays one.

    Locks: the person. Raises: PersonUnknown.
    """
    person = _named(email)
    if role in person.roles:
        person.roles = sorted({*person.roles, Role.BUYER} - {role})
        safety.record(person_id=person.id, kind=Kind.DISMISSED, actor=actor)


def _named(email: str) -> Person:
    query = select(Person).where(Person.email == email.strip().lower()).with_for_update()
    person = session().scalars(query).one_or_none()
    if person is None:
        raise PersonUnknown
    return person
