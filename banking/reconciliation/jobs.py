"""The books are compared every day by themselves."""

from __future__ import annotations

from datetime import timedelta

from banking.reconciliation import service
from kernel.jobs import schedule


@schedule(every=timedelta(hours=6), queue="slow")
def compare_books() -> None:
    """Bring in others' lines and compare the days that are over.

    More often than daily, so that a network that is away for an hour costs no day.
    Raises: CardNetworkDown; the next turn comes anyway.
    """
    service.fetch()
    service.compare_all()
