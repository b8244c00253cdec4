"""What others may hear of ratings."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class RatingChanged(Event):
    """The stars of a product are others than before."""

    name: ClassVar[str] = "marketplace.rating.changed.v1"
    product_id: int
