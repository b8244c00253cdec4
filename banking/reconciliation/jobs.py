"""The books are compared every day by themselves."""

from __future__ import annotations

from datetime import timedelta

from banking.payments.errors import CardNetworkDown, CardNetworkRefused
from banking.reconciliation import service
from kernel.jobs import schedule
from kernel.logging import log


@schedule(every=timedelta(hours=6), queue="slow")
def compare_books() -> None:
    """Bring in others' lines and compare the days that are over.

    More often than daily, so that a network that is away for an hour costs no day. Without its
    lines nothing is compared: all of ours would seem to be missing there.
    """
    try:
        service.fetch()
    except (CardNetworkDown, CardNetworkRefused) as away:
        log.warning("books are not compared this time: %s", away.code)
        return
    service.compare_all()
