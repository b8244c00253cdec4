"""Commands for a forgotten password: ask for a link, send it, take a new password by it."""

from __future__ import annotations

import secrets
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select, update

from kernel import clock, mail
from kernel import throttling as tries
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import new_id
from kernel.people.emails import service as emails
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.people.mfa.rules import network
from kernel.people.passwords import queries, rules
from kernel.people.passwords.errors import TooManyLinks
from kernel.people.passwords.events import PasswordForgotten, PasswordRenewed
from kernel.people.passwords.models import PasswordLink
from kernel.people.safety import service as safety
from kernel.people.safety.service import Kind
from kernel.sealing import sealed


@command("kernel.passwords.ask")
def ask(*, email: str, address: str, actor: Actor) -> None:
    """Have a link sent to whoever has this address; for nobody's the same happens, less the mail.

    Each question counts at its place. Events: PasswordForgotten. Raises: TooManyLinks.
    """
    bucket = f"password:{network(address)}"
    allowed = {bucket: rules.LINKS_PER_ADDRESS}
    wait = tries.guess(buckets=allowed, allowed=lambda _: allowed, actor=actor)
    if wait:
        raise TooManyLinks(retry_after=wait, minutes=-(-wait // 60))
    publish(PasswordForgotten(email=email))


@command("kernel.passwords.write_link")
def send_link(*, email: str, actor: Actor) -> None:
    """Mail a link in place of an earlier one; nobody's address and a full hour get none."""
    person, now, terms = people.person_by_email(email), clock.now(), queries.terms_in_force()
    if person is None or _sent_since(person.id, now - rules.HOUR) >= terms.letters_an_hour:
        return
    session().execute(
        update(PasswordLink)
        .where(
            PasswordLink.person_id == person.id,
            PasswordLink.ended_at.is_(None),
            PasswordLink.done_at.is_(None),
        )
        .values(ended_at=now)
    )
    token = secrets.token_urlsafe(32)
    session().add(
        PasswordLink(
            id=new_id(),
            person_id=person.id,
            token_digest=rules.digest(token),
            email=person.email,
            password_mark=people.password_mark(person.id),
            asked_at=now,
            expires_at=now + terms.link,
        )
    )
    session().flush()
    mail.send(
        to=person,
        template="kernel/mail/password_forgotten.txt",
        locale=person.locale,
        data={"name": person.name, "token": sealed(token), "minutes": terms.link_minutes},
    )


@command("kernel.passwords.renew")
def renew(*, token: str, password: str, address: str, actor: Actor) -> None:
    """Take a new password by the link in a letter, once, and sign every device out.

    A second factor stays, and so does a waiting second step. Without one the mailbox was all the
    proof, so little may be spent for a while. A new e-mail address that waits for its link is
    dropped: whoever asked for it had the old password.
    Locks: the link, the person. Events: PasswordRenewed. Raises: PasswordLinkOver, WeakPassword.
    """
    query = select(PasswordLink).where(PasswordLink.token_digest == rules.digest(token))
    session().execute(query.with_for_update())
    link = queries.link_by_token(token)  # as it is once nobody else holds it
    row = session().get_one(PasswordLink, link.id)
    identity.renew_password(
        person_id=row.person_id, password=password, address=address, actor=actor
    )
    now = clock.now()
    row.done_at = now
    if not link.has_second_step:
        until = now + queries.terms_in_force().reduced
        safety.reduce_spending(person_id=row.person_id, until=until, actor=actor)
    emails.end_waiting(person_id=row.person_id, actor=actor)
    publish(PasswordRenewed(person_id=row.person_id))
    safety.record(person_id=row.person_id, kind=Kind.PASSWORD_RENEWED, actor=actor)


def _sent_since(person_id: UUID, since: datetime) -> int:
    query = select(func.count()).where(
        PasswordLink.person_id == person_id, PasswordLink.asked_at > since
    )
    return session().execute(query).scalar_one()
