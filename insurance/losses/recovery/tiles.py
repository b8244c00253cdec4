"""The way from the other desks to the carriers' one."""

from __future__ import annotations

from insurance.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_

_CARRIERS = Desk(N_("Carrier claims"), "carrier_claims.board", ("carrier_claims.",))


def _carriers_desk(actor: Actor) -> Desk | None:
    return _CARRIERS if GRANTS[Permission.DESK_VIEW] & actor.roles else None


SLOTS = (Slot("desks", "shell/desks.html", _carriers_desk, order=31),)
