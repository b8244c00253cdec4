"""The way from the other desks to the claims for cargo."""

from __future__ import annotations

from insurance.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_

_CARGO = Desk(N_("Cargo claims"), "cargo_claims.desk", ("cargo_claims.",))


def _cargo_desk(actor: Actor) -> Desk | None:
    return _CARGO if GRANTS[Permission.DESK_VIEW] & actor.roles else None


SLOTS = (Slot("desks", "shell/desks.html", _cargo_desk, order=31),)
