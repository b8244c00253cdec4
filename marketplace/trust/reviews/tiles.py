"""Where operators find the desk of reported reviews; samples for the page of components."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_
from marketplace.permissions import GRANTS, Permission
from marketplace.trust.reviews.specimens import specimens

_DESK = Desk(N_("Reported reviews"), "reviews.desk_queue", ("reviews.desk_",))


def _desk(actor: Actor) -> Desk | None:
    return _DESK if GRANTS[Permission.REPORTS_DECIDE] & actor.roles else None


SLOTS = (
    Slot("desks", "shell/desks.html", _desk, order=41),
    Slot("components", "marketplace/trust/reviews/_specimens.html", specimens, order=10),
)
