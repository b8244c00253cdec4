"""People of insurers for tests, let in by the commands that pages call."""

from __future__ import annotations

from sqlalchemy import select

from insurance.reporting.insurer_people import service
from insurance.reporting.insurer_people.models import InsurerPerson
from insurance.reporting.insurer_people.rules import Part
from kernel.actor import SYSTEM, Actor, Role
from kernel.db import reading
from kernel.ids import new_id
from kernel.mail import Mail
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity
from kernel.sealing import opened
from tests.second_steps import with_a_factor

HAVRE, LYS = "havre-cargo", "lys-overseas"


def officer() -> Actor:
    return Actor(person_id=new_id(), roles=frozenset({Role.UNDERWRITER}))


def invited(*, insurer_key: str, email: str, part: Part = Part.READER) -> str:
    """Invite somebody by two officers; return the token of their letter."""
    row = service.propose(insurer_key=insurer_key, email=email, part=part, actor=officer())
    service.send(person_id=row, actor=officer())
    return token_to(email)


def token_to(email: str) -> str:
    """Return the token in the newest letter that invited somebody."""
    query = (
        select(Mail.data)
        .where(Mail.recipient == email, Mail.template == "insurance/mail/insurer_invited.txt")
        .order_by(Mail.created_at.desc(), Mail.id.desc())
        .limit(1)
    )
    with reading() as current:
        return opened(current.execute(query).scalar_one()["token"])


def signed_in_anew(actor: Actor, *, password: str = "correct horse battery") -> Actor:
    """Return somebody in a new session that a second factor opened."""
    session_id = identity.sign_in(
        email=actor.email, password=password, device="test", address=new_id().hex, actor=SYSTEM
    )
    found = people.actor_of_session(str(session_id))
    assert found is not None
    return with_a_factor(found)


def joined(
    actor: Actor,
    *,
    insurer_key: str,
    part: Part = Part.READER,
    password: str = "correct horse battery",
) -> Actor:
    """Let somebody join an insurer's people; return them with their second factor."""
    token = invited(insurer_key=insurer_key, email=actor.email, part=part)
    service.join(token=token, actor=actor)
    return signed_in_anew(actor, password=password)


def row_of(actor: Actor):
    """Return the id of somebody's newest row."""
    query = (
        select(InsurerPerson.id)
        .where(InsurerPerson.email == actor.email)
        .order_by(InsurerPerson.proposed_at.desc(), InsurerPerson.id.desc())
        .limit(1)
    )
    with reading() as current:
        return current.execute(query).scalar_one()
