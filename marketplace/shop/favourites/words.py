"""What templates of the shop ask of hearts."""

from __future__ import annotations

from flask import g, url_for

from kernel.config import settings
from kernel.web import current_actor
from marketplace.shop.favourites import hearts, queries


def is_favourite(ref: str) -> bool:
    """Whether the heart of goods is filled for who looks; asked once for all of a page."""
    held: frozenset[str] | None = g.get("favourites")
    if held is None:
        actor = current_actor()
        held = (
            queries.refs_of(actor)
            if actor.is_signed_in
            else frozenset(one.ref for one in hearts.kept())
        )
        g.favourites = held
    return ref in held


def is_first_grid() -> bool:
    """Whether nobody asked before on this page: its hearts share one form, which stands once."""
    is_first = not g.get("has_hearts", False)
    g.has_hearts = True
    return is_first


def list_link(token: str) -> str:
    """Return the address of a shared list; it names no language, as each reader has their own."""
    return f"{settings().base_url}{url_for('lists.open_link', token=token)}"


GLOBALS = (is_favourite, is_first_grid, list_link)
