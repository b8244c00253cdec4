"""The stars of goods and shops, as pages show them."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import text

from kernel.db import session
from kernel.memory import Memory
from marketplace.catalogue.ratings.rules import (
    FIRST_REVIEWS,
    FIRST_STARS,
    MILLION,
    Bar,
    Rating,
    bars,
    rating,
    standing,
)

# What other rooms read of this one's rules.
__all__ = ["STANDING", "Bar", "Rating", "bars", "rating", "standing"]

# The rule `standing` in SQL, over columns of a card.
STANDING = f"""
    CASE rating_count WHEN 0 THEN 0 ELSE
        ({FIRST_REVIEWS * FIRST_STARS} + rating_total) * {MILLION}
            / ({FIRST_REVIEWS} + rating_count)
    END
"""

_NOTHING = (0, 0, 0, 0, 0)
_OF_PRODUCT = text(
    "SELECT one, two, three, four, five FROM marketplace.product_rating WHERE product_id = :id"
)
_OF_VENDOR = text(
    "SELECT one, two, three, four, five FROM marketplace.vendor_rating WHERE vendor_id = :id"
)

_vendors: Memory[int, tuple[int, ...]] = Memory(seconds=15, most=2_000)


def counts_of_product(product_id: int) -> Sequence[int]:
    """Return how many reviews a product has. Shape: five counts, from one star to five."""
    row = session().execute(_OF_PRODUCT, {"id": product_id}).one_or_none()
    return tuple(row) if row else _NOTHING


def of_vendor(vendor_id: int) -> Rating | None:
    """Return a shop's rating, at most fifteen seconds old; None without a review."""
    known = _vendors.get(vendor_id)
    if known is None:
        row = session().execute(_OF_VENDOR, {"id": vendor_id}).one_or_none()
        known = tuple(row) if row else _NOTHING
        _vendors.keep({vendor_id: known})
    return rating(known)
