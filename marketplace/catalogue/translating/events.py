"""What others may hear of translations."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class GoodsTranslated(Event):
    """What goods are called in further languages changed; what the shop wrote did not."""

    name: ClassVar[str] = "marketplace.goods.translated.v1"
    product_ids: Sequence[int]
