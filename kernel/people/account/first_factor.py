"""The first second factor of somebody who works for the house: a password alone does not add it.

Whoever found out a password could otherwise add a telephone of their own and be staff. So the
mailbox has to prove it too, by a link that nothing is kept of: our mark is in it, and it is for
this person, this address and this password, until there was a factor. It opens the browser that
follows it, not the one that asked, so whoever asks with a stolen password gets nothing by it.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kernel.actor import Actor
from kernel.people.identity import queries as people
from kernel.people.mfa import queries as factors
from kernel.web.access import FactorFirst

# Source: NIST SP 800-63A-4, section 3.8: a code by e-mail holds for a day at most.
WITHIN = timedelta(hours=24)


def letter_for(person_id: UUID) -> str:
    """Return what the link in a person's letter ends with."""
    return factors.challenge_for(_purpose(person_id), within=WITHIN).hex()


def counts(letter: str, person_id: UUID) -> bool:
    """Whether a letter is this person's, and everything is still as it was when it was written."""
    try:
        challenge = bytes.fromhex(letter)
    except ValueError:
        return False
    return factors.is_ours(challenge, _purpose(person_id))


def require(letter: str, actor: Actor) -> None:
    """Go on for staff without a factor by their letter's link alone. Raises: FactorFirst."""
    person_id = actor.somebody()
    is_first = actor.withheld and not factors.ways_of(person_id).any
    if is_first and not counts(letter, person_id):
        raise FactorFirst


def _purpose(person_id: UUID) -> str:
    person = people.person(person_id)
    assert person is not None, "people stay"
    known = people.password_mark(person_id), factors.ever_had(person_id), person.email
    return f"first-factor:{person_id}:{known}"
