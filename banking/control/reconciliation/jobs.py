"""The books are compared every day by themselves."""

from __future__ import annotations

from datetime import timedelta

from banking.cards.card_topups.errors import CardNetworkDown, CardNetworkRefused
from banking.control.reconciliation import service
from banking.core.rail.errors import RailDown
from kernel.actor import SYSTEM
from kernel.jobs import schedule
from kernel.logging import log


@schedule("banking.reconciliation.compare_books", every=timedelta(hours=6), queue="slow")
def compare_books() -> None:
    """Bring in others' lines and compare the days that are over.

    More often than daily, so that a network that is away for an hour costs no day. Without its
    lines its book is not compared: all of ours would seem to be missing there.
    """
    for pair in service.pairs():
        try:
            service.fetch(source=pair)
        except (CardNetworkDown, CardNetworkRefused, RailDown) as away:
            log.warning("books are not compared with %s this time: %s", pair, away.code)
        else:
            service.compare(pair=pair, actor=SYSTEM)
