"""The way from the other desks to the one of losses that were paid twice."""

from __future__ import annotations

from insurance.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_

_DESK = Desk(N_("Paid twice"), "overpaid.board", ("overpaid.",))


def _paid_twice_desk(actor: Actor) -> Desk | None:
    return _DESK if GRANTS[Permission.DESK_VIEW] & actor.roles else None


SLOTS = (Slot("desks", "shell/desks.html", _paid_twice_desk, order=32),)
