"""What others may hear of the shelves."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ProductCardsChanged(Event):
    """Cards changed, appeared or left; search looks at them again.

    Shape: product_ids sorted; version is newer than any card was before this change.
    """

    name: ClassVar[str] = "marketplace.shelves.cards_changed.v1"
    product_ids: list[int]
    version: int
