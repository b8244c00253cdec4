"""What referrals hang into other pages: their desk."""

from __future__ import annotations

from insurance.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_

_REFERRALS = Desk(N_("Referrals"), "referrals.index", ("referrals.",))


def _referrals_desk(actor: Actor) -> Desk | None:
    return _REFERRALS if GRANTS[Permission.DESK_VIEW] & actor.roles else None


SLOTS = (Slot("desks", "shell/desks.html", _referrals_desk, order=30),)
