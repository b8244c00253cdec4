"""What cover hangs into other pages: a person's policies, the claims desk, the footer's column."""

from __future__ import annotations

from insurance.desks.counter.queries import cover_tile, footer_tile
from insurance.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_

_CLAIMS = Desk(
    N_("Claims desk"),
    "cover.desk",
    ("cover.desk", "cover.ask", "cover.recommend", "cover.confirm", "cover.send_back"),
)
_INSURER = Desk(N_("Insurer"), "insurer.index", ("insurer.", "insurer_people."))


def _insurers_desk(actor: Actor) -> Desk | None:
    return _INSURER if GRANTS[Permission.INSURER_VIEW] & actor.roles else None


def _claims_desk(actor: Actor) -> Desk | None:
    return _CLAIMS if GRANTS[Permission.DESK_VIEW] & actor.roles else None


SLOTS = (
    Slot("bank_home", "insurance/desks/counter/_tile.html", cover_tile, order=20),
    Slot("account", "insurance/desks/counter/_tile.html", cover_tile, order=40),
    Slot("desks", "shell/desks.html", _claims_desk, order=30),
    Slot("desks", "shell/desks.html", _insurers_desk, order=31),
    Slot("footer", "insurance/desks/counter/_footer.html", footer_tile, order=30),
)
