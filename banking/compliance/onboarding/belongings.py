"""Who a guest showed the bank that they are, for their own account alone."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import select, update

from banking.accounts.limits import service as limits
from banking.accounts.parties import service as parties
from banking.compliance.onboarding.models import Application
from banking.compliance.onboarding.rules import State
from banking.compliance.onboarding.service import BASIS
from kernel.actor import Actor
from kernel.db import command, session
from kernel.manifest import Belongings
from kernel.people.identity import queries as people


@command("banking.onboarding.take_dossier")
def take_dossier(*, guest_id: UUID, person_id: UUID, actor: Actor) -> None:
    """Let an account with the guest's own address be known as the guest was; close their file.

    Another address may be somebody else's, who would be known by papers that are not theirs: they
    are asked themselves. What is open still ends with the guest.
    Locks: the account's customer.
    """
    guest, taker = people.person(guest_id), people.person(person_id)
    assert guest is not None, "a guest is there as long as they are taken along"
    assert taker is not None, "an account takes along"
    if guest.email == taker.email:
        _take(guest_id, person_id, actor)
    parties.close_customer(owner_id=guest_id, actor=actor)


@command("banking.onboarding.forget_guest")
def forget_guest(*, guest_id: UUID, actor: Actor) -> None:
    """Let the time run for which the law keeps what a guest showed who bought nothing."""
    parties.close_customer(owner_id=guest_id, actor=actor)


def _take(guest_id: UUID, person_id: UUID, actor: Actor) -> None:
    theirs = (Application.customer_id == guest_id) & Application.ended_at.is_not(None)
    approved = (
        select(Application.goal, Application.ref)
        .where(theirs, Application.state == State.APPROVED)
        .order_by(Application.goal.desc())
        .limit(1)
    )
    known = session().execute(approved).one_or_none()
    if known is None:
        return
    parties.greet(person_id=person_id, actor=actor)
    if parties.grant_tier(
        owner_id=person_id,
        tier=known.goal,
        basis=BASIS[known.goal],
        evidence=known.ref,
        actor=actor,
    ):
        limits.follow_tier(owner_id=person_id, actor=actor)
    session().execute(update(Application).where(theirs).values(customer_id=person_id))


BELONGINGS = Belongings(key="banking.dossier", take=take_dossier, forget=forget_guest)
