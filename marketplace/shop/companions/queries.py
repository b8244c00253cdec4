"""Reads of what was seen together."""

from __future__ import annotations

from sqlalchemy import text

from kernel.db import session

_BESIDE = text(
    "SELECT other_id FROM marketplace.product_pair WHERE product_id = :product_id"
    " ORDER BY shoppers DESC, other_id"
)


def beside(product_id: int) -> tuple[int, ...]:
    """Return the products seen together with one, those with most shoppers first."""
    return tuple(session().execute(_BESIDE, {"product_id": product_id}).scalars())
