"""The way from the other desks to the one of open covers."""

from __future__ import annotations

from insurance.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_

_OPEN_COVERS = Desk(N_("Open covers"), "open_cover_desk.index", ("open_cover_desk.",))


def _open_covers_desk(actor: Actor) -> Desk | None:
    return _OPEN_COVERS if GRANTS[Permission.OPEN_COVER_VIEW] & actor.roles else None


SLOTS = (Slot("desks", "shell/desks.html", _open_covers_desk, order=31),)
