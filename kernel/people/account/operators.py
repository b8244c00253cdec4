"""Appointing: whoever begins to work for the house or an insurer begins anew with a factor."""

from __future__ import annotations

from kernel.actor import Actor, Role
from kernel.db import command
from kernel.people.emails import service as emails
from kernel.people.identity import operators as people
from kernel.people.identity import service as identity
from kernel.people.mfa import service as proving


@command("kernel.account.appoint")
def appoint(*, email: str, role: Role, actor: Actor) -> None:
    """Let somebody work for the house or an insurer; twice is once.

    A customer adds a first factor with a password alone, and a stranger may have opened the account
    under somebody else's address. So what was added before opens nothing that is other people's: it
    goes with the sessions that it opened, and a new one is added by a letter's link. A new address
    that waits goes too, or the letter would be written there. Locks: the person.
    Raises: PersonUnknown.
    """
    person_id = people.give_role(email=email, role=role, actor=actor)
    if person_id is not None:
        emails.end_waiting(person_id=person_id, actor=actor)
        proving.remove_each(person_id=person_id, actor=actor)
        identity.end_every_session(person_id=person_id, actor=actor)
