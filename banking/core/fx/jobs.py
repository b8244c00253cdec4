"""What the exchange desk does by itself: bring newer reference rates in."""

from __future__ import annotations

from datetime import timedelta

from banking.core.fx import gateway, service
from kernel.actor import SYSTEM
from kernel.config import settings
from kernel.jobs import schedule


@schedule("banking.fx.fetch_rates", every=timedelta(hours=1), queue="slow")
def fetch_rates() -> None:
    """Store what the publisher has and we have not.

    Without an address a demonstration's stand-in goes on where the packaged history ends; elsewhere
    that history stays as it is.
    """
    if settings().ecb_rates_url:
        rates = gateway.worth_keeping(gateway.fetched(settings().ecb_rates_url))
        service.store_rates(rates=rates, actor=SYSTEM)
    elif settings().demo:
        service.continue_rates(actor=SYSTEM)
