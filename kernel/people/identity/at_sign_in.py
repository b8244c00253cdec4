"""What rooms above do in the commit in which a guest's browser signs in to an account."""

from __future__ import annotations

from typing import Protocol
from uuid import UUID

from kernel.actor import Actor


class AtSignIn(Protocol):
    """What follows when somebody signs in at a browser that was a guest's."""

    def __call__(self, *, person_id: UUID, actor: Actor) -> None:
        """Act for a person; the actor is the guest."""


_told: list[AtSignIn] = []


def when_guests_sign_in(act: AtSignIn) -> None:
    """Let a room above act in the commit in which a guest's browser signs in."""
    _told.append(act)


def tell(*, person_id: UUID, actor: Actor) -> None:
    """Let every room act for a person as whom a guest signed in; of others nothing follows."""
    if actor.is_guest:
        for act in _told:
            act(person_id=person_id, actor=actor)
