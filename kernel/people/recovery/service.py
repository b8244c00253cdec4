"""Commands of resets: ask, cancel, do."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import insert

from kernel import clock, mail
from kernel.actor import GUARDED, Actor
from kernel.db import command, session
from kernel.ids import new_id
from kernel.people.emails import service as emails
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.identity.errors import PersonUnknown
from kernel.people.mfa import queries as factors
from kernel.people.mfa import service as proving
from kernel.people.passwords import queries as passwords
from kernel.people.recovery import queries, rules
from kernel.people.recovery.errors import NoColleague, NothingLost
from kernel.people.recovery.models import FactorReset
from kernel.people.safety import service as safety
from kernel.people.safety.service import Kind
from kernel.sealing import sealed


def ask(*, email: str, password: str, address: str, actor: Actor) -> datetime:
    """Announce a reset for whoever has the password; return when it will be done.

    A password that came by mail a few days ago is not enough for the usual delay: a mailbox alone
    would open everything then.
    Raises: WrongCredentials, TooManyTries, NothingLost.
    """
    person_id = identity.person_with(email=email, password=password, address=address, actor=actor)
    return _announce(person_id=person_id, actor=actor)


@command("kernel.recovery.cancel")
def cancel(*, token: str, actor: Actor) -> None:
    """Cancel a reset by the link in its letter. Raises: ResetUnknown."""
    _cancel(queries.reset_by_token(token).id, actor)


@command("kernel.recovery.cancel_own")
def cancel_own(*, actor: Actor) -> None:
    """Cancel the actor's own announced reset; without one nothing happens."""
    announced = queries.announced_for(actor.person_id) if actor.person_id else None
    if announced is not None:
        _cancel(announced.id, actor)


@command("kernel.recovery.cancel_outdated")
def cancel_outdated(*, person_id: UUID, actor: Actor) -> None:
    """Cancel a reset that was announced with another password than today's."""
    announced = queries.announced_for(person_id)
    if announced is not None and _is_outdated(_locked(announced.id)):
        _cancel(announced.id, actor)


@command("kernel.recovery.do_reset")
def do_reset(*, reset_id: UUID, actor: Actor) -> None:
    """Remove every factor, end every session and reduce what may be spent, once its day is over.

    One that was announced before a new password came by mail is cancelled instead.
    """
    row, now = _locked(reset_id), clock.now()
    if row.cancelled_at is not None or row.done_at is not None or row.due_at > now:
        return
    if _is_outdated(row):
        _cancel(row.id, actor)
        return
    row.done_at = now
    _reset(row.person_id, actor)


@command("kernel.recovery.reset_colleague")
def reset_colleague(*, email: str, actor: Actor) -> None:
    """Reset at once what somebody who works for the house lost, for who knows that it is them.

    What follows is what follows an announced reset. Their role waits until they have added a factor
    anew, by a letter's link. Raises: PersonUnknown, NoColleague, NothingLost.
    """
    person = people.person_by_email(email.strip().lower())
    if person is None:
        raise PersonUnknown
    if all(person not in people.people_with(role) for role in GUARDED):
        raise NoColleague
    if not factors.ways_of(person.id).any:
        raise NothingLost
    announced = queries.announced_for(person.id)
    if announced is not None:
        _locked(announced.id).done_at = clock.now()
    _reset(person.id, actor)


@command("kernel.recovery.announce")
def _announce(*, person_id: UUID, actor: Actor) -> datetime:
    if not factors.ways_of(person_id).any:
        raise NothingLost
    now, token = clock.now(), secrets.token_urlsafe(32)
    due_at = now + queries.terms_in_force().delay
    renewed_at = passwords.last_done_at(person_id)
    if renewed_at is not None:
        due_at = max(due_at, renewed_at + passwords.terms_in_force().reduced)
    made = (
        insert(FactorReset)
        .values(
            id=new_id(),
            person_id=person_id,
            token_digest=rules.digest(token),
            asked_at=now,
            due_at=due_at,
        )
        .on_conflict_do_nothing()
        .returning(FactorReset.id)
    )
    if session().execute(made).scalar_one_or_none() is None:
        announced = queries.announced_for(person_id)  # asking again changes nothing
        assert announced is not None, "it stood in the way of another"
        return announced.due_at
    safety.record(person_id=person_id, kind=Kind.RESET_ASKED, actor=actor)
    person = people.person(person_id)
    assert person is not None, "the password was somebody's"
    mail.send(
        to=person,
        template="kernel/mail/reset_announced.txt",
        locale=person.locale,
        data={
            "name": person.name,
            "token": sealed(token),
            "due_at": due_at.isoformat(),
            "zone": person.zone,
        },
    )
    return due_at


def _reset(person_id: UUID, actor: Actor) -> None:
    until = clock.now() + queries.terms_in_force().reduced
    safety.reduce_spending(person_id=person_id, until=until, actor=actor)
    # Whoever has the lost factor may have asked for an address of theirs with it.
    emails.end_waiting(person_id=person_id, actor=actor)
    proving.remove_everything(person_id=person_id, actor=actor)
    identity.end_every_session(person_id=person_id, actor=actor)
    safety.record(person_id=person_id, kind=Kind.RESET_DONE, actor=actor)


def _is_outdated(row: FactorReset) -> bool:
    """Whether a new password came by mail since: a mailbox and a day would open everything."""
    renewed_at = passwords.last_done_at(row.person_id)
    return renewed_at is not None and renewed_at >= row.asked_at


def _cancel(reset_id: UUID, actor: Actor) -> None:
    row = _locked(reset_id)
    if row.done_at is None and row.cancelled_at is None:
        row.cancelled_at = clock.now()
        safety.record(person_id=row.person_id, kind=Kind.RESET_CANCELLED, actor=actor)


def _locked(reset_id: UUID) -> FactorReset:
    row = session().get(FactorReset, reset_id, with_for_update=True)
    assert row is not None, "resets stay"
    return row
