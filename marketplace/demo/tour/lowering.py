"""Shops that lowered a price before today, at their own desks: the demonstration's price drops."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from functools import cache
from pathlib import Path
from typing import Any

from marketplace.demo.tour import figures, tour
from marketplace.demo.tour.abreast import abreast
from marketplace.demo.tour.visitor import Visitor

Say = Callable[[str], None]

# How long before the end of the story: what is reduced shows for thirty days.
BEFORE_TODAY = timedelta(days=9)

_VERSIONS = 'form[action$="/versions"]'
_PRICES = f'{_VERSIONS} input[name^="price-"]'


@cache
def drops() -> Sequence[Mapping[str, Any]]:
    """Return whose shop asks which price for which of its goods, in all their forms."""
    path = Path(__file__).parent / "data" / "price_drops.json"
    rows: list[dict[str, Any]] = json.loads(path.read_text(encoding="utf-8"))
    return rows


def lower_prices(base_url: str, say: Say) -> None:
    """Let shops lower prices in their editors; a price that is lowered already changes nothing."""
    abreast(drops(), lambda row, _told: _lower(base_url, row), say)
    count = sum(len(row["prices"]) for row in drops())
    say(f"   {len(drops())} shops lower the price of {count} of their goods")


def _lower(base_url: str, row: Mapping[str, Any]) -> None:
    desk = Visitor(base_url, "en")
    tour.sign_in(desk, row["by"])
    for product, price in row["prices"].items():
        ref = figures.page_of(product).split("/")[2]
        desk.open(f"/desk/goods/{ref}")
        fields = [str(field["name"]) for field in desk.page.select(_PRICES)]
        desk.send(_VERSIONS, dict.fromkeys(fields, price))
