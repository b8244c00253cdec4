"""Reads of people and sessions."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from uuid import UUID

from sqlalchemy import select, text

from kernel import clock
from kernel.actor import GUARDED, Actor, Role
from kernel.db import reading, session
from kernel.errors import NotSignedIn
from kernel.geoip.queries import Place, place_of
from kernel.people.identity.models import Membership, Organisation, Person, PersonSession
from kernel.web.devices import device_words
from kernel.web.formats import zone_of

_ACTOR = text(
    """
    SELECT p.id, coalesce(p.email, p.guest_email) AS email, p.name, p.roles, ARRAY(
        SELECT organisation_id FROM kernel.membership m WHERE m.person_id = p.id
    ) AS companies, p.roles && CAST(:guarded AS text[]) AND NOT (
        EXISTS (SELECT FROM kernel.confirmation c
            WHERE c.session_id = s.id AND c.method <> 'password')
        AND (EXISTS (SELECT FROM kernel.passkey k
                WHERE k.person_id = p.id AND k.removed_at IS NULL)
            OR EXISTS (SELECT FROM kernel.authenticator_app a WHERE a.person_id = p.id
                AND a.removed_at IS NULL AND a.confirmed_at IS NOT NULL))
    ) AS is_unproven
    FROM kernel.person_session s JOIN kernel.person p ON p.id = s.person_id
    WHERE s.id = :id AND s.ended_at IS NULL AND s.expires_at > :now AND s.waits_until IS NULL
        AND p.barred_at IS NULL
    """
)


@dataclass(frozen=True, slots=True)
class PersonView:
    """A person as other rooms see one; a guest has no account, but an address for letters."""

    id: UUID
    email: str
    name: str
    locale: str
    country: str
    joined_at: datetime
    is_guest: bool = False

    @property
    def zone(self) -> str:
        """The time zone by whose clock letters tell this person an instant."""
        return zone_of(self.country)


@dataclass(frozen=True, slots=True)
class OrganisationView:
    """A company as other rooms see one."""

    id: UUID
    name: str
    country: str


@dataclass(frozen=True, slots=True)
class PastSession:
    """A session that is over: signed out, or too old."""

    device: str
    place: Place | None
    created_at: datetime
    ended_at: datetime


@dataclass(frozen=True, slots=True)
class SessionView:
    """One of the person's devices."""

    id: UUID
    device: str
    place: Place | None
    created_at: datetime
    is_this_one: bool


def actor_of_session(session_id: str) -> Actor | None:
    """Return who stands behind a session, None when it ended or never was.

    A guarded role counts in sessions that a second factor opened, and while there is one: to
    all others whoever has it is a customer. So no page and no query can forget to ask.
    """
    try:
        key = UUID(session_id)
    except ValueError:
        return None
    with reading() as current:
        asked = {"id": key, "now": clock.now(), "guarded": sorted(GUARDED)}
        row = current.execute(_ACTOR, asked).one_or_none()
    if row is None:
        return None
    roles = frozenset(Role(r) for r in row.roles)
    withheld = roles & GUARDED if row.is_unproven else frozenset()
    return Actor(
        person_id=row.id,
        roles=roles - withheld | {Role.BUYER} if withheld else roles,
        withheld=withheld,
        session_id=key,
        organisation_ids=frozenset(row.companies),
        label=f"person:{row.id}",
        email=row.email,
    )


def who_waits(session_id: UUID | None) -> UUID | None:
    """Return whose session waits for its second step, None when none does or it took too long."""
    query = select(PersonSession.person_id).where(
        PersonSession.id == session_id,
        PersonSession.ended_at.is_(None),
        PersonSession.waits_until > clock.now(),
    )
    with reading() as current:
        return current.execute(query).scalar_one_or_none() if session_id else None


def person(person_id: UUID) -> PersonView | None:
    """Return a person."""
    with reading() as current:
        row = current.get(Person, person_id)
        return _view(row) if row else None


@dataclass(frozen=True, slots=True)
class Known:
    """What a form need not ask again. Shape: empty where nothing is known."""

    name: str = ""
    email: str = ""


def guest_known(actor: Actor) -> Known:
    """Return what a guest typed already, nothing of anybody else."""
    found = person(actor.somebody()) if actor.is_guest else None
    return Known(found.name, found.email) if found else Known()


def person_by_email(email: str) -> PersonView | None:
    """Return the person whose account has an address; guests are nobody's account."""
    with reading() as current:
        row = current.execute(select(Person).where(Person.email == email)).scalar_one_or_none()
        return _view(row) if row else None


def password_mark(person_id: UUID) -> str:
    """Return what changes when a person's password does, and tells nothing of it."""
    query = select(Person.password_hash).where(Person.id == person_id)
    with reading() as current:
        password_hash = current.execute(query).scalar_one()
    assert password_hash is not None, "guests have no password to forget"
    return hashlib.sha256(password_hash.encode()).hexdigest()


def people_with(role: Role) -> list[PersonView]:
    """Return the people who carry a role, by address."""
    query = select(Person).where(Person.roles.contains([role.value])).order_by(Person.email)
    with reading() as current:
        return [_view(row) for row in current.execute(query).scalars()]


def organisation(organisation_id: UUID) -> OrganisationView | None:
    """Return a company."""
    with reading() as current:
        row = current.get(Organisation, organisation_id)
        return OrganisationView(row.id, row.name, row.country) if row else None


def organisation_names(organisation_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return what companies are called, by id, in one query."""
    query = select(Organisation.id, Organisation.name).where(
        Organisation.id.in_(set(organisation_ids))
    )
    return {row.id: row.name for row in session().execute(query)}


def staff_of(organisation_id: UUID) -> list[PersonView]:
    """Return the people who work for a company, by address."""
    query = (
        select(Person)
        .join(Membership, Membership.person_id == Person.id)
        .where(Membership.organisation_id == organisation_id)
        .order_by(Person.email)
    )
    with reading() as current:
        return [_view(row) for row in current.execute(query).scalars()]


def sessions_of(actor: Actor) -> list[SessionView]:
    """Return the actor's open sessions, newest first. Raises: NotSignedIn."""
    if actor.person_id is None:
        raise NotSignedIn
    query = (
        select(PersonSession)
        .where(
            PersonSession.person_id == actor.person_id,
            PersonSession.ended_at.is_(None),
            PersonSession.expires_at > clock.now(),
            PersonSession.waits_until.is_(None),
        )
        .order_by(PersonSession.created_at.desc())
    )
    with reading() as current:
        rows = current.execute(query).scalars()
        return [_open(row, is_this_one=row.id == actor.session_id) for row in rows]


def past_sessions_of(actor: Actor) -> list[PastSession]:
    """Return the actor's last ten sessions that are over, newest first. Raises: NotSignedIn."""
    if actor.person_id is None:
        raise NotSignedIn
    now = clock.now()
    query = (
        select(PersonSession)
        .where(
            PersonSession.person_id == actor.person_id,
            PersonSession.waits_until.is_(None),
            PersonSession.ended_at.is_not(None) | (PersonSession.expires_at <= now),
        )
        .order_by(PersonSession.created_at.desc())
        .limit(10)
    )
    with reading() as current:
        rows = current.execute(query).scalars()
        return [
            PastSession(r.device, place_of(r.network), r.created_at, r.ended_at or r.expires_at)
            for r in rows
        ]


def new_device(*, session_id: UUID) -> SessionView | None:
    """Return a session on a device that its person never used before; None for known ones.

    A device is known by browser and system, since versions change every month. Nobody's first
    device is new.
    """
    row = session().get(PersonSession, session_id)
    assert row is not None, "the session was written with its event"
    earlier = (
        session()
        .scalars(
            select(PersonSession.device).where(
                PersonSession.person_id == row.person_id,
                PersonSession.created_at <= row.created_at,
                PersonSession.id != row.id,
                PersonSession.waits_until.is_(None),
            )
        )
        .all()
    )
    seen = {str(device_words(device)) for device in earlier}
    if not seen or str(device_words(row.device)) in seen:
        return None
    return _open(row, is_this_one=False)


def _open(row: PersonSession, *, is_this_one: bool) -> SessionView:
    at = row.created_at.astimezone(UTC)
    return SessionView(row.id, row.device, place_of(row.network), at, is_this_one)


def _view(found: Person) -> PersonView:
    return PersonView(
        found.id,
        found.address,
        found.name,
        found.locale,
        found.country,
        found.created_at,
        is_guest=found.guest_email is not None,
    )
