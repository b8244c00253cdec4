"""Commands of guests: one checks out without an account, corrects what they typed, and buys."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import update

from kernel import clock
from kernel import throttling as tries
from kernel.actor import Actor
from kernel.db import command, session
from kernel.people.guests import queries, rules
from kernel.people.guests.errors import AlreadyBought, TooManyGuests
from kernel.people.guests.models import Guest
from kernel.people.identity import guest_rows
from kernel.people.identity import service as identity
from kernel.people.identity.service import Seen
from kernel.people.mfa.rules import network


@command("kernel.guests.open")
def open_guest(
    *,
    email: str,
    name: str,
    locale: str,
    country: str,
    device: str,
    address: str,
    actor: Actor,
) -> UUID:
    """Return the session of somebody who checks out without an account.

    Whose address it is and whether it has an account is asked of nobody: each guest is a new one
    and sees what they buy themselves. A guest who types anew goes on as who they are, unless the
    rules say that they are another. One place opens only so many in a quarter of an hour.
    The view seats the browser with it (`kernel.web.seating`); the actor of what follows in the
    same request is `identity.queries.actor_of_session(str(session_id))`.
    Raises: TooManyGuests.
    """
    assert not actor.is_signed_in, "an account buys as itself"
    if actor.session_id is not None and _goes_on(actor, typed=email):
        guest_rows.correct_guest(
            guest_id=actor.somebody(),
            email=email,
            name=name,
            locale=locale,
            country=country,
            actor=actor,
        )
        return actor.session_id
    allowed = {f"guest:{network(address)}": rules.GUESTS_PER_ADDRESS}
    wait = tries.guess(buckets=allowed, allowed=lambda _: allowed, actor=actor)
    if wait:
        raise TooManyGuests(retry_after=wait, minutes=-(-wait // 60))
    if actor.session_id is not None:
        identity.end_session(session_id=actor.session_id, actor=actor)
    guest_id: UUID = guest_rows.add_guest(
        email=email, name=name, locale=locale, country=country, actor=actor
    )
    now = clock.now()
    session().add(Guest(person_id=guest_id, opened_at=now))
    session().flush()
    opened: UUID = guest_rows.open_guest_session(
        guest_id=guest_id,
        seen=Seen(device, address),
        until=now + queries.terms_in_force().session,
        by_link=False,
        actor=actor,
    )
    return opened


@command("kernel.guests.correct")
def correct(*, email: str, name: str, actor: Actor) -> None:
    """Write down what a guest typed anew, while nothing is paid; links to the old address end.

    Locks: the person. Raises: NotSignedIn, AlreadyBought.
    """
    found = queries.guest_of(actor)
    assert found is not None, "accounts change their address on their own pages"
    guest_rows.held(found.id)
    if queries.has_bought(found.id) and email != found.email:
        raise AlreadyBought
    guest_rows.correct_guest(
        guest_id=found.id,
        email=email,
        name=name,
        locale=found.locale,
        country=found.country,
        actor=actor,
    )


@command("kernel.guests.note_purchase")
def note_purchase(*, person_id: UUID, actor: Actor) -> None:
    """Keep a guest from here on, who has bought; of an account nothing is noted. Twice is once."""
    session().execute(
        update(Guest)
        .where(Guest.person_id == person_id, Guest.bought_at.is_(None))
        .values(bought_at=clock.now())
    )


def _goes_on(actor: Actor, *, typed: str) -> bool:
    """Whether this browser's guest is who checks out. Locks: the person."""
    if not actor.is_guest:
        return False
    person = guest_rows.held(actor.somebody())
    return rules.goes_on(
        by_link=queries.has_mailbox(actor),
        has_bought=queries.has_bought(person.id),
        before=person.address,
        typed=typed,
    )
