"""What others may hear of offers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class OfferChanged(Event):
    """An offer appeared, or its price, lead time or status changed."""

    name: ClassVar[str] = "marketplace.offer.changed.v1"
    offer_id: int
    product_id: int
    version: int
