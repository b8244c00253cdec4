"""Where operators find what was reported of questions; samples for the page of components."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_
from marketplace.permissions import GRANTS, Permission
from marketplace.trust.questions.specimens import specimens

_DESK = Desk(N_("Reported questions"), "questions.desk_queue", ("questions.desk_",))


def _desk(actor: Actor) -> Desk | None:
    return _DESK if GRANTS[Permission.REPORTS_DECIDE] & actor.roles else None


SLOTS = (
    Slot("desks", "shell/desks.html", _desk, order=41),
    Slot("components", "marketplace/trust/questions/_specimens.html", specimens, order=20),
)
