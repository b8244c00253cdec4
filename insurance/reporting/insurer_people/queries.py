"""Who may look at which insurer, and who its people are; every read of reporting asks here."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from pathlib import Path
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import aliased

from insurance.money.books.errors import InsurerUnknown
from insurance.money.books.service import Insurer, insurer, insurers
from insurance.reporting.insurer_people import rules
from insurance.reporting.insurer_people.errors import (
    InsurerPersonUnknown,
    InvitationOver,
    NotTreasurer,
)
from insurance.reporting.insurer_people.models import InsurerPerson
from insurance.reporting.insurer_people.rules import Part, Stage, Terms
from kernel import clock, dated
from kernel.actor import STAFF, Actor, Role
from kernel.db import reading, session
from kernel.errors import Forbidden
from kernel.people.identity import queries as people
from kernel.people.identity.models import Person
from kernel.people.identity.queries import PersonView

__all__ = ["Part", "Stage"]

# Whose work is with every insurer.
_EVERYWHERE = STAFF | {Role.SYSTEM}


@dataclass(frozen=True, slots=True, kw_only=True)
class Seat:
    """Where somebody works, and as what."""

    insurer_key: str
    part: Part


@dataclass(frozen=True, slots=True, kw_only=True)
class Invitation:
    """What a link leads to. Shape: is_for_actor says whether it was sent to who looks."""

    insurer: Insurer
    email: str
    part: Part
    expires_at: datetime
    is_for_actor: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonOf:
    """Somebody of an insurer, as officers of the house see them.

    Shape: name is empty before they joined; names are those of officers; may_send says whether who
    looks may send the link.
    """

    id: UUID
    email: str
    name: str
    part: Part
    stage: Stage
    proposed_by: str
    proposed_at: datetime
    sent_by: str
    sent_at: datetime | None
    expires_at: datetime | None
    joined_at: datetime | None
    ended_by: str
    ended_at: datetime | None
    reason: str
    may_send: bool


def seat_of(actor: Actor) -> Seat | None:
    """Return where an actor works, None for who has no seat, or has one no longer.

    Without the role nothing is asked: it is withheld where no second factor opened the session.
    """
    if not actor.has(Role.INSURER):
        return None
    query = select(InsurerPerson.insurer_key, InsurerPerson.role).where(
        InsurerPerson.person_id == actor.somebody(), InsurerPerson.ended_at.is_(None)
    )
    row = session().execute(query).one_or_none()
    return Seat(insurer_key=row.insurer_key, part=Part(row.role)) if row else None


def has_seat(person_id: UUID) -> bool:
    """Whether somebody works for an insurer by now, under whatever address."""
    query = select(InsurerPerson.id).where(
        InsurerPerson.person_id == person_id, InsurerPerson.ended_at.is_(None)
    )
    return session().execute(query).first() is not None


def visible(actor: Actor) -> list[Insurer]:
    """Return the insurers that an actor may look at: every one, or the one they work for."""
    if actor.roles & _EVERYWHERE:
        return list(insurers())
    seat = seat_of(actor)
    return [insurer(seat.insurer_key)] if seat else []


def among(actor: Actor, keys: Iterable[str]) -> frozenset[str]:
    """Return those of these insurers' keys that an actor may look at."""
    if actor.roles & _EVERYWHERE:
        return frozenset(keys)
    seat = seat_of(actor)
    return frozenset(keys) & {seat.insurer_key} if seat else frozenset()


def require(actor: Actor, insurer_key: str) -> None:
    """Go on for who may look at an insurer; to all others there is none. Raises: InsurerUnknown."""
    if actor.roles & _EVERYWHERE:
        return
    seat = seat_of(actor)
    if seat is None or seat.insurer_key != insurer_key:
        raise InsurerUnknown


def is_treasurer(actor: Actor, insurer_key: str) -> bool:
    """Whether an actor answers an insurer's letters."""
    return seat_of(actor) == Seat(insurer_key=insurer_key, part=Part.TREASURER)


def require_treasurer(actor: Actor, insurer_key: str) -> None:
    """Go on for a treasurer of an insurer. Raises: InsurerUnknown, NotTreasurer."""
    seat = seat_of(actor)
    if seat is None or seat.insurer_key != insurer_key:
        raise InsurerUnknown
    if seat.part is not Part.TREASURER:
        raise NotTreasurer


def people_of(actor: Actor, *, insurer_key: str) -> list[PersonOf]:
    """Return everybody who was proposed for an insurer, the newest first, for officers alone.

    Raises: Forbidden.
    """
    if not actor.roles & STAFF:
        raise Forbidden
    proposer, sender, ender, joined = (aliased(Person) for _ in range(4))
    query = (
        select(
            InsurerPerson,
            joined.name.label("name"),
            proposer.name.label("proposer"),
            sender.name.label("sender"),
            ender.name.label("ender"),
        )
        .outerjoin(joined, joined.id == InsurerPerson.person_id)
        .outerjoin(proposer, proposer.id == InsurerPerson.proposed_by)
        .outerjoin(sender, sender.id == InsurerPerson.sent_by)
        .outerjoin(ender, ender.id == InsurerPerson.ended_by)
        .where(InsurerPerson.insurer_key == insurer_key)
        .order_by(InsurerPerson.proposed_at.desc(), InsurerPerson.id)
    )
    return [
        _shown(row.InsurerPerson, actor, (row.name, row.proposer, row.sender, row.ender))
        for row in session().execute(query)
    ]


def insurer_key_of(person_id: UUID, *, actor: Actor) -> str:
    """Return of which insurer a row is, for officers alone.

    Raises: Forbidden, InsurerPersonUnknown.
    """
    if not actor.roles & STAFF:
        raise Forbidden
    query = select(InsurerPerson.insurer_key).where(InsurerPerson.id == person_id)
    key = session().execute(query).scalar_one_or_none()
    if key is None:
        raise InsurerPersonUnknown
    return key


def invitation(actor: Actor, *, token: str) -> Invitation:
    """Return what a letter's link leads to. Raises: InvitationOver."""
    query = select(InsurerPerson).where(
        InsurerPerson.token_digest == rules.digest(token),
        InsurerPerson.joined_at.is_(None),
        InsurerPerson.ended_at.is_(None),
        InsurerPerson.expires_at > clock.now(),
    )
    with reading() as current:
        row = current.scalars(query).one_or_none()
    if row is None or row.expires_at is None:
        raise InvitationOver
    return Invitation(
        insurer=insurer(row.insurer_key),
        email=row.email,
        part=Part(row.role),
        expires_at=row.expires_at,
        is_for_actor=actor.is_signed_in and actor.email == row.email,
    )


def treasurers(*, insurer_key: str) -> list[PersonView]:
    """Return who answers an insurer's letters, for those who write them."""
    query = select(InsurerPerson.person_id).where(
        InsurerPerson.insurer_key == insurer_key,
        InsurerPerson.role == Part.TREASURER,
        InsurerPerson.joined_at.is_not(None),
        InsurerPerson.ended_at.is_(None),
    )
    found = [people.person(one) for one in session().scalars(query) if one is not None]
    return [one for one in found if one is not None]


def terms_in_force() -> Terms:
    """Return the terms of today."""
    return dated.in_force(_terms(), clock.today())


def _shown(row: InsurerPerson, actor: Actor, names: Sequence[str | None]) -> PersonOf:
    name, proposer, sender, ender = (one or "" for one in names)
    stage = rules.stage_of(
        expires_at=row.expires_at,
        joined_at=row.joined_at,
        ended_at=row.ended_at,
        now=clock.now(),
    )
    waits = stage in {Stage.PROPOSED, Stage.SENT, Stage.EXPIRED}
    return PersonOf(
        id=row.id,
        email=row.email,
        name=name,
        part=Part(row.role),
        stage=stage,
        proposed_by=proposer,
        proposed_at=row.proposed_at,
        sent_by=sender,
        sent_at=row.sent_at,
        expires_at=row.expires_at,
        joined_at=row.joined_at,
        ended_by=ender,
        ended_at=row.ended_at,
        reason=row.reason,
        may_send=waits and row.proposed_by != actor.person_id,
    )


@cache
def _terms() -> tuple[Terms, ...]:
    return dated.read(Path(__file__).parent / "data" / "terms.json", Terms)
