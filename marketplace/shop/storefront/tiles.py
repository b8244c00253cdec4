"""What the shop hangs into the shell: search box, shelves, a column of the footer, samples."""

from __future__ import annotations

from dataclasses import dataclass, replace

from flask import request, session

from kernel.actor import Actor, Role
from kernel.manifest import Slot
from kernel.people.guests import queries as guests
from kernel.web import preferences
from kernel.web.addresses import home
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.storefront import queries
from marketplace.shop.storefront.imprint import legal
from marketplace.shop.storefront.product_cards import ProductCard
from marketplace.shop.storefront.queries import Shelf
from marketplace.shop.storefront.rules import fitting
from marketplace.shop.storefront.specimens import specimens
from marketplace.trust.messages import queries as messages

LOOKS = 12  # that a browser remembers
LOOKS_BESIDE = 4  # of them beside other goods
MOST_SHELVES = 24
ROW = 1090  # pixels that a row of 1200 leaves beside "All products"


@dataclass(frozen=True, slots=True)
class Find:
    """The search box. Units: goods to search in."""

    goods: int


def _find(_actor: Actor) -> Find:
    return Find(shelves.total())


@dataclass(frozen=True, slots=True)
class Nav:
    """The shelves.

    Shape: here is the page's own path when it is one of them, else nothing; in_row are those at
    the beginning that a wide screen holds in one row, all of them where they fit.
    """

    shelves: tuple[Shelf, ...]
    here: str
    in_row: int


def _shelves(_actor: Actor) -> Nav:
    shelves = queries.roots(preferences().locale)[:MOST_SHELVES]
    is_shelf = request.path == f"{home()}goods/" or (
        request.path.removeprefix(f"{home()}c/") in {shelf.key for shelf in shelves}
    )
    return Nav(shelves, request.path if is_shelf else "", fitting([s.name for s in shelves], ROW))


@dataclass(frozen=True, slots=True)
class Header:
    """Links to what the visitor has here. Units: pieces in the cart, threads with news."""

    pieces: int
    has_orders: bool
    has_shop: bool
    unread: int = 0


def _header(actor: Actor) -> Header:
    return Header(
        pieces=int(session.get("cart_count", 0)),
        has_orders=actor.is_signed_in or (actor.is_guest and guests.has_bought(actor.somebody())),
        has_shop=Role.VENDOR in actor.roles,
    )


def _account(actor: Actor) -> Header | None:
    if not actor.is_signed_in:
        return None
    return replace(_header(actor), unread=messages.unread_of_buyer(actor))


def keep_look(product_id: int) -> None:
    """Remember in the browser's own cookie which goods were looked at, newest first."""
    others = [known for known in session.get("looked", []) if known != product_id]
    session["looked"] = [product_id, *others][:LOOKS]


def looks() -> tuple[ProductCard, ...]:
    """Return what this browser looked at, newest first."""
    return queries.looked_at(session.get("looked", []), preferences())


def forget_looks() -> None:
    """Let this browser forget what it looked at."""
    session.pop("looked", None)


def _looked(_actor: Actor) -> tuple[ProductCard, ...] | None:
    ids = session.get("looked", [])[:LOOKS_BESIDE]
    return queries.looked_at(ids, preferences()) or None if ids else None


def _always(_actor: Actor) -> bool:
    return True


SLOTS = (
    Slot("header", "marketplace/shop/storefront/_header.html", _header, order=30),
    Slot("account", "marketplace/shop/storefront/_account.html", _account, order=5),
    Slot("find", "marketplace/shop/storefront/_find.html", _find),
    Slot("nav", "marketplace/shop/storefront/_nav.html", _shelves),
    Slot("looked", "marketplace/shop/storefront/_looked.html", _looked),
    Slot("footer", "marketplace/shop/storefront/_footer.html", _always, order=10),
    Slot("legal", "marketplace/shop/storefront/_legal.html", legal),
    Slot("components", "marketplace/shop/storefront/_specimens.html", specimens, order=5),
)
