"""Goods came back: whoever waited hears of it."""

from __future__ import annotations

from kernel.actor import SYSTEM
from kernel.events import on
from marketplace.catalogue.inventory.events import StockCrossed
from marketplace.catalogue.offers.events import OfferChanged
from marketplace.trust.alerts import service


@on(StockCrossed, "marketplace.alerts.tell_who_waits", queue="mail")
def tell_who_waits(event: StockCrossed) -> None:
    """Write to who waited for offers that have pieces again."""
    service.tell(offer_ids=event.offer_ids, actor=SYSTEM)


@on(OfferChanged, "marketplace.alerts.tell_of_offer", queue="mail")
def tell_of_offer(event: OfferChanged) -> None:
    """Write to who waited for goods that somebody offers again, from stock."""
    service.tell(offer_ids=[event.offer_id], actor=SYSTEM)
