"""Commands on an insurer's people: propose, send the link, join by it, end."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.dialects.postgresql import insert

from insurance.money.books.queries import insurer_name
from insurance.reporting.insurer_people import queries, rules
from insurance.reporting.insurer_people.errors import (
    AlreadyInvited,
    InsurerPersonUnknown,
    InvitationOver,
    InvitationSettled,
)
from insurance.reporting.insurer_people.models import InsurerPerson
from insurance.reporting.insurer_people.rules import Part
from kernel import clock, mail
from kernel.actor import Actor, Role
from kernel.db import command, session
from kernel.ids import new_id
from kernel.people.account import operators
from kernel.people.identity import operators as offices
from kernel.people.identity import queries as people
from kernel.sealing import sealed


@command("insurance.insurer_people.propose")
def propose(*, insurer_key: str, email: str, part: Part, actor: Actor) -> UUID:
    """Propose somebody for an insurer's people; another officer sends them the link.

    Raises: AlreadyInvited while somebody with the address has access, or waits for it.
    """
    kept = (
        insert(InsurerPerson)
        .values(
            id=new_id(),
            insurer_key=insurer_key,
            email=email,
            role=part.value,
            proposed_by=actor.somebody(),
            proposed_at=clock.now(),
            reason="",
        )
        .on_conflict_do_nothing()
        .returning(InsurerPerson.id)
    )
    found: UUID | None = session().execute(kept).scalar_one_or_none()
    if found is None:
        raise AlreadyInvited
    return found


@command("insurance.insurer_people.send")
def send(*, person_id: UUID, actor: Actor) -> None:
    """Mail the link by which somebody joins, in place of an earlier one. Locks: the row.

    Shape: person_id is that of the row. Raises: InsurerPersonUnknown, InvitationSettled,
    InviterIsSender.
    """
    row = _locked(person_id)
    if row.joined_at is not None or row.ended_at is not None:
        raise InvitationSettled
    rules.check_second(maker=row.proposed_by, checker=actor.somebody())
    terms, now, token = queries.terms_in_force(), clock.now(), secrets.token_urlsafe(32)
    row.sent_by, row.sent_at = actor.somebody(), now
    row.token_digest, row.expires_at = rules.digest(token), now + terms.link
    session().flush()
    known = people.person_by_email(row.email)
    mail.send(
        to=row.email,
        template="insurance/mail/insurer_invited.txt",
        locale=known.locale if known else "en",
        data={
            "insurer": insurer_name(row.insurer_key),
            "treasurer": row.role == Part.TREASURER,
            "token": sealed(token),
            "days": terms.link_days,
        },
    )


@command("insurance.insurer_people.join")
def join(*, token: str, actor: Actor) -> None:
    """Let who was invited look at their insurer, by the link in their letter, once.

    They begin anew with a second factor, as whoever begins to work for the house does: every
    session of theirs ends. Locks: the row, then the person.
    Raises: InvitationOver, InvitationForOther, WorksForTheHouse, AlreadyInvited.
    """
    query = select(InsurerPerson).where(InsurerPerson.token_digest == rules.digest(token))
    row = session().scalars(query.with_for_update()).one_or_none()
    is_over = row is None or row.joined_at is not None or row.ended_at is not None
    if row is None or is_over or row.expires_at is None or row.expires_at <= clock.now():
        raise InvitationOver
    rules.check_joins(invited=row.email, email=actor.email, roles=actor.roles | actor.withheld)
    if queries.has_seat(actor.somebody()):
        raise AlreadyInvited
    row.person_id, row.joined_at = actor.somebody(), clock.now()
    session().flush()
    operators.appoint(email=row.email, role=Role.INSURER, actor=actor)


@command("insurance.insurer_people.end")
def end(*, person_id: UUID, reason: str, actor: Actor) -> None:
    """End somebody's access, from their next page on, or take an invitation back; twice is once.

    The last treasurer may go, too: letters are answered by who comes after. Locks: the row, then
    the person. Shape: person_id is that of the row. Raises: InsurerPersonUnknown.
    """
    row = _locked(person_id)
    if row.ended_at is not None:
        return
    row.ended_by, row.ended_at, row.reason = actor.somebody(), clock.now(), reason
    session().flush()
    person = people.person(row.person_id) if row.person_id else None
    if person is None:
        return
    offices.dismiss(email=person.email, role=Role.INSURER, actor=actor)
    mail.send(
        to=person,
        template="insurance/mail/insurer_ended.txt",
        locale=person.locale,
        data={"name": person.name, "insurer": insurer_name(row.insurer_key)},
    )


def _locked(person_id: UUID) -> InsurerPerson:
    row = session().get(InsurerPerson, person_id, with_for_update=True)
    if row is None:
        raise InsurerPersonUnknown
    return row
