"""Commands of people: register, sign in and out, change what one signs in with."""

from __future__ import annotations

from datetime import timedelta
from functools import cache
from typing import NamedTuple
from uuid import UUID

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from kernel import clock, mail
from kernel.actor import Actor, Role
from kernel.db import command, session
from kernel.errors import NotSignedIn
from kernel.events import publish
from kernel.forgetting import BATCH, keeping
from kernel.geoip.rules import network_of
from kernel.ids import new_id
from kernel.people.identity import at_sign_in, queries, rules
from kernel.people.identity import throttling as tries
from kernel.people.identity.errors import (
    AccountBarred,
    EmailTaken,
    SecondStepOver,
    WeakPassword,
    WrongCredentials,
    WrongPassword,
)
from kernel.people.identity.events import PersonRegistered, SignedIn
from kernel.people.identity.gateway import gateway
from kernel.people.identity.models import Membership, Organisation, Person, PersonSession
from kernel.people.identity.rules import Weakness
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as proving
from kernel.people.mfa.errors import WrongCode
from kernel.people.mfa.service import Given, Method
from kernel.people.safety import service as safety
from kernel.people.safety.service import Kind
from kernel.text import Message
from kernel.web import session_limits

# Whoever comes back after years has one session left to compare a new device with.
_FORGET_SESSIONS = text(
    """
    WITH over AS MATERIALIZED (
        SELECT id FROM kernel.person_session s
        WHERE expires_at < :oldest AND (waits_until IS NOT NULL OR EXISTS (
            SELECT FROM kernel.person_session newer WHERE newer.person_id = s.person_id
            AND newer.waits_until IS NULL AND (newer.created_at, newer.id) > (s.created_at, s.id)
        ))
        ORDER BY expires_at LIMIT :batch FOR UPDATE OF s SKIP LOCKED
    )
    DELETE FROM kernel.person_session s USING over WHERE s.id = over.id RETURNING s.id
    """
)

# One more sign-in than anybody has devices for ends the one that began first.
_END_THE_OLDEST = text(
    """
    UPDATE kernel.person_session SET ended_at = :now WHERE id IN (
        SELECT id FROM kernel.person_session
        WHERE person_id = :person AND ended_at IS NULL AND expires_at > :now
            AND waits_until IS NULL
        ORDER BY created_at DESC, id DESC OFFSET :most
    )
    """
)


class Seen(NamedTuple):
    """What a sign-in is made with. Shape: a user agent, and an address or a small network."""

    device: str
    address: str


@cache
def _hasher() -> PasswordHasher:
    return PasswordHasher()


@cache
def _decoy() -> str:
    # Verified for unknown addresses, so that the time of an answer tells nothing.
    return _hasher().hash("nobody has this password")


def hashed(password: str) -> str:
    """Return what is kept of a password."""
    return _hasher().hash(password)


@command("kernel.identity.register")
def register(
    *,
    email: str,
    password: str,
    name: str,
    locale: str,
    country: str,
    actor: Actor,
    roles: frozenset[Role] = frozenset({Role.BUYER}),
    kept: str = "",
) -> UUID:
    """Open an account.

    Shape: kept is what `hashed` returned for this password, where many accounts begin with one.
    Events: PersonRegistered. Raises: EmailTaken, WeakPassword.
    """
    _check_password(password, email=email)
    person_id = new_id()
    taken = (
        insert(Person)
        .values(
            id=person_id,
            email=email,
            name=name,
            password_hash=kept or hashed(password),
            locale=locale,
            country=country,
            roles=sorted(roles),
            created_at=clock.now(),
        )
        .on_conflict_do_nothing(index_elements=["email"])
        .returning(Person.id)
    )
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

    The session of a person with a second factor opens nothing until `finish_sign_in`. One that
    the same browser still had ends once this one is open. A hash that was made with other figures
    than today's is made anew, now that the password is known.
    A wrong password is counted where it was typed, so that guessing elsewhere shuts nobody out.
    Events: SignedIn. Raises: WrongCredentials, AccountBarred, TooManyTries.
    """
    person_id, fitted = _known(email=email, password=password, address=address, actor=actor)
    session_id: UUID = _open_session(
        person_id=person_id, seen=Seen(device, address), fitted=fitted, actor=actor
    )
    if _hasher().check_needs_rehash(fitted):
        _hash_anew(person_id=person_id, fitted=fitted, password=password, actor=actor)
    return session_id


def finish_sign_in(*, session_id: UUID | None, given: Given, actor: Actor) -> None:
    """Open the session that waits for its second step.

    Events: SignedIn. Raises: SecondStepOver, WrongCode, TooManyCodes, PasskeyRefused.
    """
    person_id = queries.who_waits(session_id)
    if person_id is None or session_id is None:
        raise SecondStepOver
    proof = proving.prove(
        given=given, person_id=person_id, purpose=f"second:{session_id}", actor=actor
    )
    _finish(session_id=session_id, method=proof.method, actor=actor)


def sign_in_by_passkey(*, given: Given, device: str, actor: Actor) -> UUID:
    """Return a new session of whoever the passkey belongs to: it is both steps in one.

    Events: SignedIn. Raises: PasskeyRefused, AccountBarred.
    """
    proof = proving.prove(given=given, purpose="sign-in", actor=actor)
    return _open_session(
        person_id=proof.person_id, seen=Seen(device, given.place), fitted=None, actor=actor
    )


def confirm(*, given: Given | None, password: str, address: str, actor: Actor) -> None:
    """Note that the actor proved themselves again, before a change that matters.

    With a second factor that is the proof, without one the password.
    Raises: WrongPassword, TooManyTries, WrongCode, TooManyCodes, PasskeyRefused.
    """
    person_id = actor.somebody()
    if actor.session_id is None:
        raise NotSignedIn
    if factors.ways_of(person_id).any:
        if given is None:
            raise WrongCode({"code": Message(WrongCode.message)})
        purpose = f"confirm:{actor.session_id}"
        method = proving.prove(
            given=given, person_id=person_id, purpose=purpose, actor=actor
        ).method
    else:
        try:
            person_with(email=actor.email, password=password, address=address, actor=actor)
        except WrongCredentials:
            raise WrongPassword({"password": Message(WrongPassword.message)}) from None
        method = Method.PASSWORD
    proving.note_confirmation(session_id=actor.session_id, method=method, actor=actor)


@command("kernel.identity.still_here")
def still_here(*, actor: Actor) -> Actor:
    """Return the actor as they are now, and let nobody end their session before this commit.

    Whoever ends every session holds the person's row; so nothing that a session began before a new
    password, a reset or an appointment is done after it. Locks: the person. Raises: NotSignedIn.
    """
    session().get_one(Person, actor.somebody(), with_for_update={"read": True})
    now = queries.actor_of_session(str(actor.session_id))
    if now is None:
        raise NotSignedIn
    return now


@command("kernel.identity.change_password")
def change_password(*, password: str, actor: Actor) -> None:
    """Take a new password, and sign every other device out.

    Locks: the person. Raises: NotSignedIn, ConfirmFirst, WeakPassword.
    """
    still_here(actor=actor)
    factors.require_fresh(actor)
    _check_password(password, email=actor.email)
    person = _own(actor)
    person.password_hash = _hasher().hash(password)
    end_other_sessions(actor=actor)
    safety.record(person_id=person.id, kind=Kind.PASSWORD_CHANGED, actor=actor)


@command("kernel.identity.renew_password")
def renew_password(*, person_id: UUID, password: str, address: str, actor: Actor) -> None:
    """Take a new password of whoever has the person's mailbox, and sign every device out.

    Wrong guesses from here are forgotten, as after a right one. Locks: the person.
    Raises: WeakPassword.
    """
    person = session().get_one(Person, person_id, with_for_update=True)
    _check_password(password, email=person.address)
    person.password_hash = _hasher().hash(password)
    end_every_session(person_id=person_id, actor=actor)
    tries.forget(email=person.address, address=address, actor=actor)


def check_email_free(*, email: str, person_id: UUID) -> None:
    """Refuse an address that is somebody else's. Raises: EmailTaken."""
    taken = select(Person.id).where(Person.email == email, Person.id != person_id)
    if session().execute(taken).first() is not None:
        raise EmailTaken({"email": Message(EmailTaken.message)})


@command("kernel.identity.choose_language")
def choose_language(*, locale: str, actor: Actor) -> None:
    """Write every letter to the actor in this language from now on."""
    _own(actor).locale = locale


@command("kernel.identity.take_email")
def take_email(*, person_id: UUID, email: str, actor: Actor) -> None:
    """Take an address that proved to be its owner's. Locks: the person. Raises: EmailTaken."""
    person = session().get_one(Person, person_id, with_for_update=True)
    check_email_free(email=email, person_id=person_id)
    before, person.email = person.address, email
    session().flush()
    if before != email:
        safety.record(
            person_id=person_id,
            kind=Kind.EMAIL_CHANGED,
            actor=actor,
            data={"before": before, "after": email},
        )


@command("kernel.identity.end_session")
def end_session(*, session_id: UUID, actor: Actor) -> None:
    """Sign one of the actor's own sessions out; unknown and ended ones stay as they are."""
    session().execute(
        update(PersonSession)
        .where(
            PersonSession.id == session_id,
            PersonSession.person_id == actor.person_id,
            PersonSession.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
    )


@command("kernel.identity.end_other_sessions")
def end_other_sessions(*, actor: Actor) -> None:
    """Sign the actor out everywhere else."""
    session().execute(
        update(PersonSession)
        .where(
            PersonSession.id != actor.session_id,
            PersonSession.person_id == actor.person_id,
            PersonSession.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
    )


@command("kernel.identity.end_every_session")
def end_every_session(*, person_id: UUID, actor: Actor) -> None:
    """Sign a person out everywhere, here as well. Locks: the person."""
    session().get_one(Person, person_id, with_for_update=True)
    session().execute(
        update(PersonSession)
        .where(PersonSession.person_id == person_id, PersonSession.ended_at.is_(None))
        .values(ended_at=clock.now())
    )


@command("kernel.identity.forget_old_sessions")
def forget_sessions(*, actor: Actor) -> int:
    """Delete a batch of sessions that were over long ago; return how many.

    A person's last one stays: without it nobody would be told of the next device.
    Locks: the sessions, skipping those in use.
    """
    oldest = clock.now() - timedelta(days=keeping().session_days)
    over = {"oldest": oldest, "batch": BATCH}
    gone = session().execute(_FORGET_SESSIONS, over).scalars().all()
    proving.forget_confirmations(session_ids=gone, actor=actor)
    return len(gone)


@command("kernel.identity.found_organisation")
def found_organisation(*, name: str, country: str, actor: Actor) -> UUID:
    """Create a company and return its id."""
    organisation_id = new_id()
    session().add(
        Organisation(id=organisation_id, name=name, country=country, created_at=clock.now())
    )
    session().flush()
    return organisation_id


@command("kernel.identity.add_member")
def add_member(*, organisation_id: UUID, person_id: UUID, actor: Actor) -> None:
    """Let a person work for a company; twice is once."""
    session().execute(
        insert(Membership)
        .values(person_id=person_id, organisation_id=organisation_id)
        .on_conflict_do_nothing()
    )


def record_for(
    *, owner_id: UUID, kind: Kind, actor: Actor, data: dict[str, str | int] | None = None
) -> None:
    """Write a line in the log of who did something to an owner's money, and of every colleague.

    Shape: owner_id is a person or a company. Events: SafetyChanged, for each of them.
    """
    for person_id in {actor.somebody(), *(one.id for one in queries.staff_of(owner_id))}:
        safety.record(person_id=person_id, kind=kind, actor=actor, data=data)


def person_with(*, email: str, password: str, address: str, actor: Actor) -> UUID:
    """Return who has this password; a wrong one is counted.

    Raises: WrongCredentials, TooManyTries.
    """
    return _known(email=email, password=password, address=address, actor=actor)[0]


def _known(*, email: str, password: str, address: str, actor: Actor) -> tuple[UUID, str]:
    """Return who has this password, and the hash it fits."""
    tries.guess(email=email, address=address, actor=actor)
    known = _verified(email=email, password=password)
    if known is None:
        raise WrongCredentials
    tries.give_back(email=email, address=address, actor=actor)
    return known


def _check_password(password: str, *, email: str) -> None:
    """Refuse a new password that is guessed first. Raises: WeakPassword."""
    found = rules.weakness(password, email=email)
    if found is None and gateway().knows(password):
        found = Weakness.BREACHED
    if found is not None:
        raise WeakPassword.because(found)


def _own(actor: Actor) -> Person:
    person = session().get(Person, actor.somebody(), with_for_update=True)
    assert person is not None, "people stay"
    return person


def _verified(*, email: str, password: str) -> tuple[UUID, str] | None:
    from kernel.db import reading  # noqa: PLC0415 - sign_in is no command; it reads, then writes

    with reading() as current:
        row = current.execute(
            select(Person.id, Person.password_hash).where(Person.email == email)
        ).one_or_none()
    kept = row.password_hash if row else None
    try:
        _hasher().verify(kept or _decoy(), password)
    except VerifyMismatchError:
        return None
    return (row.id, kept) if row and kept else None


@command("kernel.identity.open_session")
def _open_session(*, person_id: UUID, seen: Seen, fitted: str | None, actor: Actor) -> UUID:
    """Open a session of who gave the password to a hash, or a passkey: None.

    Whoever ends every session holds the person's row, so nothing that was proved before a new
    password or a reset opens anything after it. Locks: the person.
    """
    person = session().get_one(Person, person_id, with_for_update={"read": True})
    ways = factors.ways_of(person_id)
    if not (ways.any if fitted is None else person.password_hash == fitted):
        raise WrongCredentials
    if person.barred_at is not None:
        raise AccountBarred
    waits = ways.any and fitted is not None
    session_id, now = new_id(), clock.now()
    session().add(
        PersonSession(
            id=session_id,
            person_id=person_id,
            device=seen.device[:200],
            network=network_of(seen.address),
            created_at=now,
            expires_at=now + timedelta(days=session_limits.in_force().shop_days),
            waits_until=now + rules.SECOND_STEP if waits else None,
        )
    )
    session().flush()
    if not waits:
        method = Method.PASSKEY if fitted is None else Method.PASSWORD
        proving.note_confirmation(session_id=session_id, method=method, actor=actor)
        _tell(person_id, session_id, actor)
    return session_id


@command("kernel.identity.hash_anew")
def _hash_anew(*, person_id: UUID, fitted: str, password: str, actor: Actor) -> None:
    """Keep a password under today's figures, unless it is another by now."""
    session().execute(
        update(Person)
        .where(Person.id == person_id, Person.password_hash == fitted)
        .values(password_hash=_hasher().hash(password))
    )


@command("kernel.identity.finish")
def _finish(*, session_id: UUID, method: Method, actor: Actor) -> None:
    row = session().get(PersonSession, session_id, with_for_update=True)
    if row is None or row.waits_until is None or row.ended_at is not None:
        raise SecondStepOver
    row.waits_until = None
    proving.note_confirmation(session_id=session_id, method=method, actor=actor)
    _tell(row.person_id, session_id, actor)


def _tell(person_id: UUID, session_id: UUID, actor: Actor) -> None:
    at_sign_in.tell(person_id=person_id, actor=actor)
    if actor.session_id is not None:
        end_session(session_id=actor.session_id, actor=actor)
    limits = {"person": person_id, "now": clock.now(), "most": session_limits.in_force().most}
    session().execute(_END_THE_OLDEST, limits)
    publish(SignedIn(person_id=person_id, session_id=session_id))
    safety.record(person_id=person_id, kind=Kind.SIGNED_IN, session_id=session_id, actor=actor)
