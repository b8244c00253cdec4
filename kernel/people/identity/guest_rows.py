"""Commands on the rows of guests: people without an account, and the sessions they have.

Who may open one, and what a session is worth, is decided in kernel/people/guests; nothing else
calls these.
"""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import delete, text

from kernel import clock
from kernel.actor import Actor, Role
from kernel.db import command, session
from kernel.geoip.rules import network_of
from kernel.ids import new_id
from kernel.people.identity.models import Person, PersonSession
from kernel.people.identity.service import Seen

_ADD = text(
    """
    WITH guest AS (
        INSERT INTO kernel.person (id, guest_email, name, locale, country, roles, created_at)
        VALUES (:guest_id, :email, :name, :locale, :country, ARRAY[:role], :now)
    )
    INSERT INTO kernel.person_session
        (id, person_id, device, network, created_at, expires_at, by_link)
    VALUES (:session_id, :guest_id, :device, CAST(:network AS cidr), :now, :until, false)
    """
)


@command("kernel.identity.add_guest")
def add_guest(
    *,
    email: str,
    name: str,
    locale: str,
    country: str,
    seen: Seen,
    until: datetime,
    actor: Actor,
) -> Actor:
    """Write down somebody who buys without an account, with their session, and return who acts.

    An address may be typed by many. Who acts is what `queries.actor_of_session` would read.
    """
    guest_id, session_id = new_id(), new_id()
    session().execute(
        _ADD,
        {
            "guest_id": guest_id,
            "email": email,
            "name": name,
            "locale": locale,
            "country": country,
            "role": Role.GUEST.value,
            "session_id": session_id,
            "device": seen.device[:_LONGEST_DEVICE],
            "network": network_of(seen.address),
            "now": clock.now(),
            "until": until,
        },
    )
    return Actor(
        person_id=guest_id,
        roles=frozenset({Role.GUEST}),
        session_id=session_id,
        label=f"person:{guest_id}",
        email=email,
    )


# Units: characters.
_LONGEST_DEVICE = 200


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
            device=seen.device[:_LONGEST_DEVICE],
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
