"""The books are compared every day by themselves."""

from __future__ import annotations

from datetime import timedelta

from banking.reconciliation import service
from kernel.jobs import schedule


@schedule(every=timedelta(days=1), queue="slow")
def compare_books() -> None:
    """Bring in others' lines and compare. Raises: CardNetworkDown; the next day comes anyway."""
    service.fetch()
    service.compare_all()
