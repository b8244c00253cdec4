"""Where officers find the applications that wait for them."""

from __future__ import annotations

from banking.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_

_APPLICATIONS = Desk(N_("Bank customers"), "officers.queue", ("officers.",))


def _for_officers(actor: Actor) -> object | None:
    return True if GRANTS[Permission.APPLICATION_REVIEW] & actor.roles else None


def _desk(actor: Actor) -> Desk | None:
    return _APPLICATIONS if _for_officers(actor) else None


SLOTS = (
    Slot("account", "banking/compliance/application_reviews/tile.html", _for_officers, order=11),
    Slot("desks", "shell/desks.html", _desk, order=20),
)
