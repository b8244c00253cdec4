"""What happens to stock by itself."""

from __future__ import annotations

from datetime import timedelta

from kernel.actor import SYSTEM
from kernel.jobs import schedule
from marketplace.catalogue.inventory import service


@schedule("marketplace.inventory.expire_reservations", every=timedelta(seconds=15), queue="default")
def expire_reservations() -> None:
    """Give back the pieces of carts whose time is over."""
    while service.expire_reservations(actor=SYSTEM) == 200:
        pass
