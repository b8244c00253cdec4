"""Reads of stock."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import text

from kernel.db import session
from marketplace.catalogue.inventory.rules import Level

_LEVELS = text(
    """
    SELECT offer_id, on_hand, reserved, allocated FROM marketplace.stock_level
    WHERE offer_id = ANY(CAST(:ids AS bigint[]))
    """
)


def levels(offer_ids: Collection[int]) -> dict[int, Level]:
    """Return stock levels by offer; an offer never counted is missing."""
    rows = session().execute(_LEVELS, {"ids": list(offer_ids)})
    return {row.offer_id: Level(row.on_hand, row.reserved, row.allocated) for row in rows}


def available(offer_ids: Collection[int]) -> dict[int, int]:
    """Return free pieces by offer, zero for an offer never counted."""
    stock = levels(offer_ids)
    return {key: stock[key].available if key in stock else 0 for key in offer_ids}
