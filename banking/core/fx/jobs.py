"""What the exchange desk does by itself: fetch newer reference rates when an address is set."""

from __future__ import annotations

from datetime import timedelta

from banking.core.fx import gateway, service
from kernel.actor import SYSTEM
from kernel.config import settings
from kernel.jobs import schedule


@schedule("banking.fx.fetch_rates", every=timedelta(hours=1), queue="slow")
def fetch_rates() -> None:
    """Store what the publisher has and we have not; the packaged history stays without address."""
    if settings().ecb_rates_url:
        rates = gateway.worth_keeping(gateway.fetched(settings().ecb_rates_url))
        service.store_rates(rates=rates, actor=SYSTEM)
