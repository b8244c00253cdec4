"""What people like came back, or costs less: they hear of it once."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

from kernel.actor import SYSTEM
from kernel.db import reading
from kernel.events import on
from kernel.jobs import schedule
from marketplace.catalogue.inventory.events import StockCrossed
from marketplace.catalogue.offers.events import OfferChanged
from marketplace.shop.favourites import falls, letters


@on(StockCrossed, "marketplace.favourites.hear_of_stock", queue="mail")
def look_at_stock(event: StockCrossed) -> None:
    """Note what sold out, and write to who likes what is there again."""
    letters.look_at_stock(offer_ids=event.offer_ids, actor=SYSTEM)


@on(OfferChanged, "marketplace.favourites.hear_of_offer", queue="mail")
def look_at_offer(event: OfferChanged) -> None:
    """Do the same where a shop offers goods or takes them back."""
    letters.look_at_stock(offer_ids=[event.offer_id], actor=SYSTEM)


@schedule("marketplace.favourites.watch_prices", every=timedelta(days=1), queue="slow")
def tell_falls() -> None:
    """Write to everybody for whose door something on their lists has become cheaper."""
    after: UUID | None = falls.NOBODY
    while after is not None:
        with reading():
            found, after = falls.next_falls(after)
        if found:
            letters.tell_falls(falls=found, actor=SYSTEM)
