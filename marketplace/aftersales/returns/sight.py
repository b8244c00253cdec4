"""Who sees the photographs of a return: its buyer, its shop, and who decides on it."""

from __future__ import annotations

from kernel.actor import Actor
from kernel.manifest import Album
from marketplace.aftersales.returns import queries, rules
from marketplace.aftersales.returns.errors import ReturnUnknown
from marketplace.permissions import GRANTS, Permission


def may_see(actor: Actor, ref: str) -> bool:
    """Whether somebody sees what was sent with a return; the house once it was asked to decide."""
    try:
        view = queries.by_ref(ref)
    except ReturnUnknown:
        return False
    is_part = actor.person_id == view.person_id or view.organisation_id in actor.organisation_ids
    is_house = bool(GRANTS[Permission.RETURNS_DECIDE] & actor.roles)
    return is_part or (is_house and bool(view.complaint))


ALBUM = Album(key=rules.ALBUM, may_see=may_see)
