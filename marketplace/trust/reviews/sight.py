"""Who sees the photographs of a review: everybody, as long as it stands on its page."""

from __future__ import annotations

from sqlalchemy import select

from kernel.actor import Actor
from kernel.db import reading
from kernel.manifest import Album
from marketplace.permissions import GRANTS, Permission
from marketplace.trust.reviews import rules
from marketplace.trust.reviews.models import Review
from marketplace.trust.reviews.rules import ReviewState


def may_see(actor: Actor, ref: str) -> bool:
    """Whether somebody sees what was sent with a review; operators still do once it is removed."""
    with reading() as current:
        state = current.scalar(select(Review.state).where(Review.ref == ref))
    if state is None:
        return False
    return state == ReviewState.SHOWN or bool(GRANTS[Permission.REPORTS_DECIDE] & actor.roles)


ALBUM = Album(key=rules.ALBUM, may_see=may_see)
