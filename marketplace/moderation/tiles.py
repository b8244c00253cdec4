"""Where operators find the desk of reports."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.plug import Slot
from marketplace.permissions import GRANTS, Permission


def _for_operators(actor: Actor) -> object | None:
    return True if GRANTS[Permission.REPORTS_DECIDE] & actor.roles else None


SLOTS = (Slot("account", "marketplace/moderation/_tile.html", _for_operators, order=12),)
