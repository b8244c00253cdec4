"""Cards whose price is lower than it was, the last reduced first."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import text

from kernel import clock
from kernel.db import session
from kernel.money import Money
from kernel.statements import read_sql
from kernel.web.arguments import row_number
from marketplace.catalogue.offers.service import WINDOW
from marketplace.shop.listing_index.errors import BadCursor
from marketplace.shop.listing_index.queries import ProductCardRow, Reader

_CARDS = read_sql(__file__, "cards_of_places")
# What is sold out or does not go to the reader's country is no offer to them.
_PLACES = """
    SELECT d.product_id, d.lowest_minor, d.reduced_at FROM marketplace.price_drop d
    JOIN marketplace.product_card o USING (product_id)
    WHERE d.currency = :currency AND d.reduced_at >= :since
        AND (d.reduced_at, d.product_id) < (CAST(:key AS timestamptz), :product_id)
        AND o.in_stock AND CAST(:country AS text) <> ALL(o.away)
    ORDER BY d.reduced_at DESC, d.product_id DESC LIMIT :size
"""
_LAST_REDUCED_FIRST = """
    SELECT places.lowest_minor, places.reduced_at, cards.* FROM cards JOIN places USING (product_id)
    ORDER BY places.reduced_at DESC, product_id DESC
"""
_REDUCED = text(f"WITH places AS ({_PLACES}), cards AS ({_CARDS}) {_LAST_REDUCED_FIRST}")
_LAST = 2**62


class Reduced(NamedTuple):
    """A card with its price and the lowest of the thirty days before, in the reader's currency."""

    card: ProductCardRow
    now: Money
    lowest: Money
    reduced_at: datetime


class ReducedPage(NamedTuple):
    """Reduced goods. Shape: after is the cursor of the next page, empty on the last one."""

    goods: tuple[Reduced, ...]
    after: str


def reduced(*, reader: Reader, after: str = "", size: int = 24) -> ReducedPage:
    """Return goods whose price is reduced in the reader's currency. Raises: BadCursor."""
    now = clock.now()
    key, product_id = _cursor(after) if after else (now, _LAST)
    binds: dict[str, Any] = {
        **reader.binds,
        "since": now - WINDOW,
        "key": key,
        "product_id": product_id,
        "size": size + 1,
    }
    rows = session().execute(_REDUCED, binds).all()
    found = tuple(
        reduced_of(ProductCardRow(*card), lowest, reduced_at, reader.currency)
        for lowest, reduced_at, *card in rows[:size]
    )
    return ReducedPage(found, _cursor_of(found[-1]) if len(rows) > size else "")


def reduced_of(card: ProductCardRow, lowest: int, reduced_at: datetime, currency: str) -> Reduced:
    """Return a card that is reduced in a currency. Units: lowest in minor units of it."""
    price = card.price_minor if card.currency == currency else card.own_minor
    assert price is not None, "only a price that was typed is ever written down as reduced"
    return Reduced(card, Money(price, currency), Money(lowest, currency), reduced_at)


def _cursor_of(last: Reduced) -> str:
    return f"{last.reduced_at.isoformat()}~{last.card.product_id}"


def _cursor(after: str) -> tuple[datetime, int]:
    key, _, product_id = after.rpartition("~")
    try:
        return datetime.fromisoformat(key), row_number(product_id)
    except ValueError:
        raise BadCursor from None
