"""What the tariffs hang into other pages: their desk."""

from __future__ import annotations

from insurance.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_

_TARIFFS = Desk(N_("Tariffs"), "tariffs.index", ("tariffs.",))


def _tariffs_desk(actor: Actor) -> Desk | None:
    return _TARIFFS if GRANTS[Permission.TARIFF_VIEW] & actor.roles else None


SLOTS = (Slot("desks", "shell/desks.html", _tariffs_desk, order=31),)
