"""Where operators find the desk of disputed returns."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_
from marketplace.permissions import GRANTS, Permission

_DESK = Desk(N_("Disputed returns"), "returns.disputed", ("returns.",))


def _desk(actor: Actor) -> Desk | None:
    return _DESK if GRANTS[Permission.RETURNS_DECIDE] & actor.roles else None


SLOTS = (Slot("desks", "shell/desks.html", _desk, order=45),)
