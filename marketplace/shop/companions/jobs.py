"""Counts what was seen together, once a night."""

from __future__ import annotations

from datetime import timedelta

from kernel.actor import SYSTEM
from kernel.jobs import schedule
from marketplace.shop.companions import service


@schedule(
    "marketplace.companions.gather_nightly", every=timedelta(days=1), queue="slow", is_mirror=True
)
def gather_nightly() -> None:
    """Count anew which goods shoppers put together of late."""
    service.gather(actor=SYSTEM)
