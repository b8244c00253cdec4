"""The command that lets go of what somebody wrote."""

from __future__ import annotations

from uuid import UUID

from kernel.actor import Actor
from kernel.db import command
from kernel.people.privacy import queries


@command("kernel.privacy.let_go")
def let_go(*, person_id: UUID, actor: Actor) -> None:
    """Let every room forget who wrote, in one commit: all of it or nothing. Twice is once.

    Locks: the rows of each room, room by room in the order of the file.
    """
    for room in queries.rooms():
        room.erase(person_id=person_id, actor=actor)
