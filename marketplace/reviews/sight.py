"""Who sees the photographs of a review: everybody, as long as it stands on its page."""

from __future__ import annotations

from kernel.actor import Actor
from marketplace.permissions import GRANTS, Permission
from marketplace.reviews import told
from marketplace.reviews.errors import ReviewUnknown
from marketplace.reviews.rules import ReviewState


def may_see(actor: Actor, ref: str) -> bool:
    """Whether somebody sees what was sent with a review; operators still do once it is removed."""
    try:
        found = told.review(ref).review
    except ReviewUnknown:
        return False
    return found.state is ReviewState.SHOWN or bool(GRANTS[Permission.REPORTS_DECIDE] & actor.roles)
