"""Where those who see the books find them."""

from __future__ import annotations

from banking.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Desk, Slot
from kernel.text import N_

_BOOKS = Desk(
    N_("Books"),
    "books.show",
    (
        "books.",
        "disputes.",
        "losses.",
        "payout_desk.",
        "late_refunds.",
        "reconciliation.",
        "safeguarding.",
    ),
)


def _for_auditors(actor: Actor) -> object | None:
    return True if GRANTS[Permission.BOOKS_VIEW] & actor.roles else None


def _desk(actor: Actor) -> Desk | None:
    return _BOOKS if _for_auditors(actor) else None


SLOTS = (
    Slot("account", "banking/control/explorer/tile.html", _for_auditors, order=10),
    Slot("desks", "shell/desks.html", _desk, order=10),
)
