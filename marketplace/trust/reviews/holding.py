"""The one way to take a review in hand: locked, and as it stands now."""

from __future__ import annotations

from sqlalchemy import select

from kernel.db import session
from marketplace.trust.reviews.errors import ReviewUnknown
from marketplace.trust.reviews.models import Review


def held(**which: object) -> Review:
    """Return the one review with these values, locked until the commit. Raises: ReviewUnknown."""
    query = select(Review).filter_by(**which).with_for_update()
    review = session().scalars(query.execution_options(populate_existing=True)).one_or_none()
    if review is None:
        raise ReviewUnknown
    return review
