"""Commands of people: register, sign in and out, found an organisation."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select, update
from sqlalchemy.dialects.postgresql import insert

from kernel import clock, mail
from kernel.actor import Actor, Role
from kernel.db import command, session
from kernel.events import publish
from kernel.identity import rules, tries
from kernel.identity.errors import EmailTaken, WeakPassword, WrongCredentials
from kernel.identity.events import PersonRegistered, SignedIn
from kernel.identity.models import Membership, Organisation, Person, PersonSession
from kernel.ids import new_id
from kernel.text import Message


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _decoy() -> str:
    # Verified for unknown addresses, so that the time of an answer tells nothing.
    return _hasher().hash("nobody has this password")


@command
def register(
    *, email: str, password: str, name: str, locale: str, country: str, actor: Actor,
    roles: frozenset[Role] = frozenset({Role.BUYER}),
) -> UUID:  # fmt: skip
    """Open an account. Events: PersonRegistered. Raises: EmailTaken, WeakPassword."""
    if rules.is_weak_password(password, email=email):
        raise WeakPassword({"password": Message(WeakPassword.message)})
    person_id = new_id()
    taken = insert(Person).values(
        id=person_id, email=email, name=name, password_hash=_hasher().hash(password),
        locale=locale, country=country, roles=sorted(roles), created_at=clock.now(),
    ).on_conflict_do_nothing(index_elements=["email"]).returning(Person.id)  # fmt: skip
    if session().execute(taken).scalar_one_or_none() is None:
        raise EmailTaken({"email": Message(EmailTaken.message)})
    publish(PersonRegistered(person_id=person_id, country=country, locale=locale))
    mail.send(to=email, template="kernel/mail/welcome.txt", locale=locale, data={"name": name})
    return person_id


def sign_up(
    *, email: str, password: str, name: str, locale: str, country: str, address: str, actor: Actor
) -> UUID:
    """Open an account for somebody at a page; one place opens only so many in a quarter hour.

    Events: PersonRegistered. Raises: TooManySignUps, EmailTaken, WeakPassword.
    """
    tries.count_sign_up(address=address, actor=actor)
    return register(
        email=email, password=password, name=name, locale=locale, country=country, actor=actor
    )


def sign_in(*, email: str, password: str, device: str, address: str, actor: Actor) -> UUID:
    """Check the password and return a new session's id.

    A wrong password is counted where it was typed, so that guessing elsewhere shuts nobody out.
    Events: SignedIn. Raises: WrongCredentials, TooManyTries.
    """
    tries.check_sign_in(email=email, address=address, actor=actor)
    person_id = _verified(email=email, password=password)
    if person_id is None:
        tries.count_sign_in(email=email, address=address, actor=actor)
        raise WrongCredentials
    tries.forget_sign_in(email=email, address=address, actor=actor)
    return _open_session(person_id=person_id, device=device, actor=actor)


@command
def end_session(*, session_id: UUID, actor: Actor) -> None:
    """Sign one of the actor's own sessions out; unknown and ended ones stay as they are."""
    session().execute(
        update(PersonSession)
        .where(PersonSession.id == session_id, PersonSession.person_id == actor.person_id,
               PersonSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )  # fmt: skip


@command
def end_other_sessions(*, actor: Actor) -> None:
    """Sign the actor out everywhere else."""
    session().execute(
        update(PersonSession)
        .where(PersonSession.id != actor.session_id, PersonSession.person_id == actor.person_id,
               PersonSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )  # fmt: skip


@command
def found_organisation(*, name: str, country: str, actor: Actor) -> UUID:
    """Create a company and return its id."""
    organisation_id = new_id()
    session().add(
        Organisation(id=organisation_id, name=name, country=country, created_at=clock.now())
    )
    session().flush()
    return organisation_id


@command
def add_member(*, organisation_id: UUID, person_id: UUID, actor: Actor) -> None:
    """Let a person work for a company; twice is once."""
    session().execute(
        insert(Membership)
        .values(person_id=person_id, organisation_id=organisation_id)
        .on_conflict_do_nothing()
    )


def _verified(*, email: str, password: str) -> UUID | None:
    from kernel.db import reading  # noqa: PLC0415 - sign_in is no command; it reads, then writes

    with reading() as current:
        row = current.execute(
            select(Person.id, Person.password_hash).where(Person.email == email)
        ).one_or_none()
    try:
        _hasher().verify(row.password_hash if row else _decoy(), password)
    except VerifyMismatchError:
        return None
    return row.id if row else None


@command
def _open_session(*, person_id: UUID, device: str, actor: Actor) -> UUID:
    session_id, now = new_id(), clock.now()
    session().add(
        PersonSession(id=session_id, person_id=person_id, device=device[:200], created_at=now,
                      expires_at=now + timedelta(days=rules.SESSION_DAYS))
    )  # fmt: skip
    publish(SignedIn(person_id=person_id, session_id=session_id))
    return session_id
