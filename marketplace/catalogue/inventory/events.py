"""What others may hear of stock."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class StockCrossed(Event):
    """Offers sold out, or have pieces again. Shape: offer_ids sorted."""

    name: ClassVar[str] = "marketplace.stock.crossed.v1"
    offer_ids: list[int]


@dataclass(frozen=True, kw_only=True)
class ReservationExpired(Event):
    """A cart's reservation ran out and its pieces are free again."""

    name: ClassVar[str] = "marketplace.stock.reservation_expired.v1"
    cart_ref: str
