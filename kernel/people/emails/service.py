"""Commands on a new address: ask for it, confirm it, take it back."""

from __future__ import annotations

import secrets
from uuid import UUID

from sqlalchemy import select, update

from kernel import clock, mail
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import new_id
from kernel.people.emails import queries, rules
from kernel.people.emails.errors import EmailLinkOver, SameEmail
from kernel.people.emails.events import EmailProved
from kernel.people.emails.models import EmailChange
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.identity.queries import PersonView
from kernel.people.mfa import queries as factors
from kernel.sealing import sealed
from kernel.text import Message
from kernel.web.access import FactorFirst


@command("kernel.emails.ask")
def ask(*, email: str, actor: Actor) -> None:
    """Send a link to a new address, and tell the old one; nothing changes before it is followed.

    A later question ends the earlier one. Whoever works for the house changes it with a second
    factor alone: to add a first one their mailbox is asked.
    Locks: the person. Raises: NotSignedIn, FactorFirst, ConfirmFirst, EmailTaken, SameEmail.
    """
    if identity.still_here(actor=actor).withheld:
        raise FactorFirst
    factors.require_fresh(actor)
    person_id = actor.somebody()
    person = people.person(person_id)
    assert person is not None, "people stay"
    if email == person.email:
        raise SameEmail({"email": Message(SameEmail.message)})
    identity.check_email_free(email=email, person_id=person.id)
    end_waiting(person_id=person.id, actor=actor)
    now, confirm, back = clock.now(), secrets.token_urlsafe(32), secrets.token_urlsafe(32)
    session().add(
        EmailChange(
            id=new_id(),
            person_id=person.id,
            before=person.email,
            after=email,
            confirm_digest=rules.digest(confirm),
            back_digest=rules.digest(back),
            asked_at=now,
            expires_at=now + queries.terms_in_force().confirm,
        )
    )
    session().flush()
    _write(person, email, "email_confirm", token=sealed(confirm), after=email)
    _write(person, person.email, "email_asked", token=sealed(back), after=email)


@command("kernel.emails.confirm")
def confirm(*, token: str, actor: Actor) -> None:
    """Let the new address count, by the link that was sent to it.

    The old one gets a way back of its own. Locks: the change. Events: EmailProved.
    Raises: EmailLinkOver, EmailTaken.
    """
    row = _locked(queries.to_confirm(token).id)
    if row.confirmed_at is not None:
        raise EmailLinkOver  # in another window, a moment ago
    now, back = clock.now(), secrets.token_urlsafe(32)
    row.confirmed_at, row.back_until = now, now + queries.terms_in_force().way_back
    row.back_digest = rules.digest(back)
    identity.take_email(person_id=row.person_id, email=row.after, actor=actor)
    publish(EmailProved(person_id=row.person_id))
    person = people.person(row.person_id)
    assert person is not None, "people stay"
    _write(
        person,
        row.before,
        "email_changed",
        token=sealed(back),
        after=row.after,
        until=row.back_until.isoformat(),
    )


@command("kernel.emails.take_back")
def take_back(*, token: str, actor: Actor) -> bool:
    """End a change by the link in the old address's mail; return whether it had counted already.

    Then the old address counts again and every device is signed out: whoever changed it had the
    password. Locks: the change. Raises: EmailLinkOver, EmailTaken.
    """
    row = _locked(queries.to_take_back(token).id)
    row.ended_at = clock.now()
    if row.confirmed_at is None:
        return False
    identity.take_email(person_id=row.person_id, email=row.before, actor=actor)
    identity.end_every_session(person_id=row.person_id, actor=actor)
    return True


@command("kernel.emails.end_waiting")
def end_waiting(*, person_id: UUID, actor: Actor) -> None:
    """Drop a new address that waits for its link; without one nothing happens."""
    session().execute(
        update(EmailChange)
        .where(
            EmailChange.person_id == person_id,
            EmailChange.confirmed_at.is_(None),
            EmailChange.ended_at.is_(None),
        )
        .values(ended_at=clock.now())
    )


def _locked(change_id: UUID) -> EmailChange:
    """Return a change as it is once nobody else holds it. Raises: EmailLinkOver when it ended."""
    query = select(EmailChange).where(EmailChange.id == change_id).with_for_update()
    row = session().scalars(query.execution_options(populate_existing=True)).one()
    if row.ended_at is not None:
        raise EmailLinkOver
    return row


def _write(person: PersonView, to: str, template: str, **data: str | dict[str, str]) -> None:
    mail.send(
        to=to,
        template=f"kernel/mail/{template}.txt",
        locale=person.locale,
        data={"name": person.name, "zone": person.zone} | data,
    )
