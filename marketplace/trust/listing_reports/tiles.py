"""Where operators find the desk of reports."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_
from marketplace.permissions import GRANTS, Permission


def _for_operators(actor: Actor) -> object | None:
    return True if GRANTS[Permission.REPORTS_DECIDE] & actor.roles else None


_DESK = Desk(N_("Reported listings"), "moderation.queue", ("moderation.",))


def _desk(actor: Actor) -> Desk | None:
    return _DESK if _for_operators(actor) else None


SLOTS = (
    Slot("account", "marketplace/trust/listing_reports/_tile.html", _for_operators, order=12),
    Slot("desks", "shell/desks.html", _desk, order=40),
)
