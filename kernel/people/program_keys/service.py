"""Commands on keys of programs: make one, take it back, note the day of its use."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select, text, update

from kernel import clock
from kernel.actor import SYSTEM, Actor
from kernel.db import command, session
from kernel.ids import new_id
from kernel.people.mfa import queries as factors
from kernel.people.program_keys import queries, rules
from kernel.people.program_keys.errors import KeyRefused, KeyUnknown, TooManyKeys
from kernel.people.program_keys.forms import Wanted
from kernel.people.program_keys.models import ProgramKey
from kernel.people.program_keys.rules import MOST_KEYS, NewKey
from kernel.people.safety import service as safety
from kernel.people.safety.service import Kind

_LOCKED = text("SELECT FROM kernel.person WHERE id = :id FOR UPDATE")


@command("kernel.program_keys.make")
def make(*, wanted: Wanted, actor: Actor) -> NewKey:
    """Make a key and return it this once; its person is told by mail.

    Locks: the person. Events: SafetyChanged. Raises: NotSignedIn, ConfirmFirst, TooManyKeys.
    """
    factors.require_fresh(actor)
    person_id, now = actor.somebody(), clock.now()
    session().execute(_LOCKED, {"id": person_id})
    known = select(func.count()).where(
        ProgramKey.person_id == person_id, ProgramKey.ended_at.is_(None)
    )
    if session().execute(known).scalar_one() >= MOST_KEYS:
        raise TooManyKeys(most=MOST_KEYS)
    made = rules.new_key()
    session().add(
        ProgramKey(
            id=new_id(),
            person_id=person_id,
            label=wanted.label,
            name=made.name,
            digest=rules.digest(made.secret),
            scopes=list(wanted.scopes),
            made_at=now,
            expires_at=now + timedelta(days=wanted.days),
        )
    )
    safety.record(
        person_id=person_id, kind=Kind.KEY_MADE, actor=actor, data={"label": wanted.label}
    )
    return made


@command("kernel.program_keys.remove")
def remove(*, key_id: UUID, actor: Actor) -> None:
    """Take a key back: its next call is refused. Raises: NotSignedIn, KeyUnknown."""
    found = session().execute(
        update(ProgramKey)
        .where(
            ProgramKey.id == key_id,
            ProgramKey.person_id == actor.somebody(),
            ProgramKey.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
        .returning(ProgramKey.id)
    )
    if found.one_or_none() is None:
        raise KeyUnknown


def recognise(secret: str) -> Actor:
    """Return whom a key stands for, and note the day once. Raises: KeyRefused."""
    found = queries.recognised(secret)
    if found is None:
        raise KeyRefused
    if found.used_on != clock.today():
        _note_used(key_id=found.key_id, actor=SYSTEM)
    return found.actor


@command("kernel.program_keys.note_used")
def _note_used(*, key_id: UUID, actor: Actor) -> None:
    """Keep the day on which a key was used last."""
    session().execute(
        update(ProgramKey).where(ProgramKey.id == key_id).values(used_on=clock.today())
    )
