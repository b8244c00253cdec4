"""Commands that let an account take along what a guest has: orders, parcels, cover, claims.

Rooms say what they keep of guests (`Belongings` in their `belongings.py`); all of it goes in one
commit, and the guest is over with it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast
from uuid import UUID

from sqlalchemy import select, update

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.manifest import Belongings, manifests
from kernel.people.guests import queries, rules
from kernel.people.guests.errors import GuestLinkOver
from kernel.people.guests.events import GuestTaken
from kernel.people.guests.models import Guest
from kernel.people.identity import guest_rows
from kernel.people.identity import queries as people
from kernel.people.identity import service as identity

# How long after it was taken along a job still looks for what was under way for a guest.
_UNDER_WAY = timedelta(days=2)


@command("kernel.guests.take_along")
def take_along(*, guest_id: UUID, person_id: UUID, actor: Actor) -> None:
    """Let an account have everything of a guest's; the guest's sessions end. Twice is once.

    Who may is decided before: by the browser's guest at sign-in, by the link in a letter, or by
    an address that proved to be the account's.
    Locks: the guest, then the rows of each room. Events: GuestTaken.
    Raises: GuestLinkOver when another account was faster.
    """
    guest_rows.held(guest_id)
    row = session().get_one(Guest, guest_id, with_for_update=True, populate_existing=True)
    if row.taken_by == person_id:
        return
    if row.taken_by is not None:
        raise GuestLinkOver
    taker = people.person(person_id)
    assert taker is not None, "an account takes along"
    assert not taker.is_guest, "an account takes along"
    row.over_at, row.taken_by = clock.now(), person_id
    session().flush()
    _move(guest_id, person_id, actor)
    identity.end_every_session(person_id=guest_id, actor=actor)
    publish(GuestTaken(guest_id=guest_id, person_id=person_id))


def at_sign_in(*, person_id: UUID, actor: Actor) -> None:
    """Take along the guest whose browser signs in, as far as nobody has to be asked first.

    Shape: actor is who had the browser before.
    """
    guest, taker = queries.guest_of(actor), people.person(person_id)
    if guest is None or taker is None or guest.is_over:
        return
    if rules.comes_along(
        by_link=queries.has_mailbox(actor),
        has_bought=guest.bought_at is not None,
        is_same_address=guest.email == taker.email,
    ):
        take_along(guest_id=guest.id, person_id=person_id, actor=actor)


@command("kernel.guests.take_all_along")
def take_all_along(*, person_id: UUID, actor: Actor) -> None:
    """Take along every guest who bought with an account's address, now that it is proved."""
    taker = people.person(person_id)
    assert taker is not None, "people stay"
    for guest_id in queries.bought_with(taker.email):
        take_along(guest_id=guest_id, person_id=person_id, actor=actor)


@command("kernel.guests.take_rest")
def take_what_was_under_way(*, actor: Actor) -> None:
    """Take along what was written for a guest while an account took all that there was."""
    since = clock.now() - _UNDER_WAY
    taken = select(Guest.person_id, Guest.taken_by).where(Guest.over_at > since)
    for guest_id, person_id in session().execute(taken.order_by(Guest.over_at)).all():
        _move(guest_id, cast("UUID", person_id), actor)


def all_belongings() -> list[Belongings]:
    """Return what every room keeps of guests, highest floor first.

    A checkout that is being paid for holds its row; so what comes of it is there to be moved once
    that row was, in the rooms below.
    """
    return [one for package in reversed(manifests()) for one in package.belongings()]


def _move(guest_id: UUID, person_id: UUID, actor: Actor) -> None:
    for belongings in all_belongings():
        if belongings.take is not None:
            belongings.take(guest_id=guest_id, person_id=person_id, actor=actor)
        for column in belongings.columns:
            values: dict[Any, UUID] = {column: person_id}
            session().execute(update(column.class_).where(column == guest_id).values(values))
