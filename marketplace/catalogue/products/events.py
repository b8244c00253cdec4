"""What others may hear of products."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class ProductChanged(Event):
    """A product appeared, or its texts, pictures, variants or status changed."""

    name: ClassVar[str] = "marketplace.product.changed.v1"
    product_id: int
    version: int
