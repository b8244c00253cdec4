"""What the insurer's desk hangs into the account of an insurer's people: the way to it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from insurance.money.books.service import Insurer
from insurance.reporting.float_calls import queries as float_calls
from insurance.reporting.float_calls.queries import FloatCall
from insurance.reporting.insurer_people import queries as insurer_people
from kernel.actor import Actor, Role
from kernel.manifest import Slot


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnInsurer:
    """The insurer that somebody works for. Shape: waiting are letters that ask it for money."""

    insurer: Insurer
    waiting: Sequence[FloatCall]


def own_insurer(actor: Actor) -> OwnInsurer | None:
    """Return the insurer that somebody works for, None for everybody else."""
    seen = insurer_people.visible(actor) if actor.has(Role.INSURER) else []
    if not seen:
        return None
    calls = float_calls.calls(insurer_key=seen[0].key, actor=actor)
    return OwnInsurer(insurer=seen[0], waiting=[one for one in calls if one.is_open])


SLOTS = (Slot("account", "insurance/desks/insurer/_tile.html", own_insurer, order=5),)
