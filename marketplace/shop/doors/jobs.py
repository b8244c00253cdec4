"""Keeps dues in step with cards, days and rates; until then pages reckon for themselves."""

from __future__ import annotations

import time
from datetime import timedelta

from kernel.actor import SYSTEM
from kernel.jobs import schedule
from marketplace.shop.doors import service
from marketplace.shop.shelves import service as shelves

# An only worker keeps money and mail waiting meanwhile; the next run goes on where this one stops.
_LONGEST_S = 5


@schedule(
    "marketplace.listing_index.reckon_ahead",
    every=timedelta(seconds=30),
    queue="slow",
    is_spare=True,
)
def reckon_ahead() -> None:
    """Reckon what borders add to goods that are new, changed, or of another day or rate."""
    began, last = time.monotonic(), 0
    while time.monotonic() - began < _LONGEST_S:
        found = service.reckon(after=last, actor=SYSTEM)
        if found is None:
            shelves.drop_dues(actor=SYSTEM)
            return
        last = found
