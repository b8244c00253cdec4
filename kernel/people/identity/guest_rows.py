"""Commands on the rows of guests: people without an account, and the sessions they have.

Who may open one, and what a session is worth, is decided in kernel/people/guests; nothing else
calls these.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete

from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import command, session
from kernel.geoip.rules import network_of
from kernel.ids import new_id
from kernel.people.identity.models import Person, PersonSession
from kernel.people.identity.service import Seen


@command("kernel.identity.add_guest")
def add_guest(*, email: str, name: str, locale: str, country: str, actor: Actor) -> UUID:
    """Write down somebody who buys without an account; an address may be typed by many."""
    guest_id = new_id()
    session().add(
        Person(
            id=guest_id,
            guest_email=email,
            name=name,
            locale=locale,
            country=country,
            roles=[Role.GUEST],
            created_at=clock.now(),
        )
    )
    session().flush()
    return guest_id


@command("kernel.identity.correct_guest")
def correct_guest(
    *, guest_id: UUID, email: str, name: str, locale: str, country: str, actor: Actor
) -> None:
    """Write down what a guest typed anew. Locks: the person."""
    person = held(guest_id)
    person.guest_email, person.name = email, name
    person.locale, person.country = locale, country
    session().flush()


@command("kernel.identity.open_guest_session")
def open_guest_session(
    *, guest_id: UUID, seen: Seen, until: datetime, by_link: bool, actor: Actor
) -> UUID:
    """Open a guest's session on a device; no password and no second step belong to it.

    Locks: the person, so that none is opened beside what ends them all.
    """
    held(guest_id)
    session_id = new_id()
    session().add(
        PersonSession(
            id=session_id,
            person_id=guest_id,
            device=seen.device[:200],
            network=network_of(seen.address),
            created_at=clock.now(),
            expires_at=until,
            by_link=by_link,
        )
    )
    session().flush()
    return session_id


@command("kernel.identity.delete_guest")
def delete_guest(*, guest_id: UUID, actor: Actor) -> None:
    """Delete a guest with their sessions. Locks: the person."""
    person = held(guest_id)
    session().execute(delete(PersonSession).where(PersonSession.person_id == guest_id))
    session().delete(person)
    session().flush()


def held(guest_id: UUID) -> Person:
    """Return a guest's row, locked until the commit."""
    person = session().get_one(Person, guest_id, with_for_update=True)
    assert person.guest_email is not None, "an account is no guest"
    return person
