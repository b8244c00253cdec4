"""The rail is asked for its notifications every minute."""

from __future__ import annotations

from datetime import timedelta

from banking.core.rail import service
from banking.core.rail.errors import RailDown
from kernel.jobs import schedule
from kernel.logging import log


@schedule("banking.rail.collect_notices", every=timedelta(minutes=1), queue="money")
def collect_notices() -> None:
    """Fetch and keep what the rail booked."""
    try:
        service.collect()
    except RailDown:
        log.warning("the payment rail does not answer; its notices are fetched later")
