"""Where those who see the books are warned when customers' money is not all there."""

from __future__ import annotations

from banking.control.safeguarding import queries
from banking.control.safeguarding.queries import TopUpView
from banking.permissions import GRANTS, Permission
from kernel.actor import Actor
from kernel.manifest import Slot


def _short(actor: Actor) -> list[TopUpView] | None:
    return queries.warning(actor) if GRANTS[Permission.BOOKS_VIEW] & actor.roles else None


SLOTS = (
    Slot("account", "banking/control/safeguarding/notice.html", _short, order=5),
    Slot("books_notice", "banking/control/safeguarding/notice.html", _short),
)
