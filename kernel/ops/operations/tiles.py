"""Where operators find the machinery."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.people.identity.permissions import GRANTS, Permission
from kernel.text import N_

_DESK = Desk(N_("System status"), "operations.machinery", ("operations.",))


def _for_operators(actor: Actor) -> object | None:
    return True if GRANTS[Permission.OPERATIONS_VIEW] & actor.roles else None


def _desk(actor: Actor) -> Desk | None:
    return _DESK if _for_operators(actor) else None


SLOTS = (
    Slot("account", "kernel/ops/operations/tile.html", _for_operators, order=11),
    Slot("desks", "shell/desks.html", _desk, order=90),
)
