"""What the shop hangs into the shell: search box, shelves, a column of the footer."""

from __future__ import annotations

from dataclasses import dataclass

from kernel.actor import Actor
from kernel.plug import Slot
from kernel.web import preferences
from marketplace.shelves import queries as shelves
from marketplace.storefront import queries
from marketplace.storefront.queries import Shelf


@dataclass(frozen=True, slots=True)
class Find:
    """The search box. Units: goods to search in."""

    goods: int


def _find(_actor: Actor) -> Find:
    return Find(shelves.total())


def _shelves(_actor: Actor) -> tuple[Shelf, ...]:
    return queries.roots(preferences().locale)[:11]


def _always(_actor: Actor) -> bool:
    return True


SLOTS = (
    Slot("find", "marketplace/storefront/_find.html", _find),
    Slot("nav", "marketplace/storefront/_nav.html", _shelves),
    Slot("footer", "marketplace/storefront/_footer.html", _always, order=10),
)
