"""Reckons ahead what borders add to the goods of cards, a batch of cards at a time."""

from __future__ import annotations

from typing import Any

from kernel.actor import Actor
from kernel.db import command
from kernel.money import Money
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.previews import queries as previews
from marketplace.previews.queries import Destination, Piece
from marketplace.pricing import queries as pricing
from marketplace.shelves import queries as shelves
from marketplace.shelves import service as shelving

BATCH = 100


@command
def reckon(*, after: int, actor: Actor) -> int | None:
    """Bring the dues of the next cards up to date; return the last one, None when all are done.

    Locks: rows of dues, in product order.
    """
    book = previews.book()
    rows = shelves.without_dues(book=book, after=after, most=BATCH)
    if not rows:
        return None
    found = {(row.product_id, row.version): _dues(row) for row in rows}
    shelving.keep_dues(book=book, dues=found, actor=actor)
    return int(rows[-1].product_id)


def _dues(row: Any) -> dict[str, str]:  # noqa: ANN401 - a row of shelves.queries.without_dues
    """Return the lines of one card by country; a country it cannot be sent to is missing."""
    pieces = {currency: _piece(row, currency) for currency in set(COUNTRY_CURRENCY.values())}
    lines = {
        country: previews.dues_ahead(piece, Destination(country, currency))
        for country, currency in COUNTRY_CURRENCY.items()
        if (piece := pieces[currency]) is not None
    }
    return {country: line for country, line in lines.items() if line}


def _piece(row: Any, currency: str) -> Piece | None:  # noqa: ANN401 - the same row
    price = pricing.price_in(
        home=Money(row.price_minor, row.currency), own=row.own_prices, currency=currency
    )
    if price is None:
        return None
    return Piece(
        key=(row.offer_id, row.version), title="", price=price.money,
        dispatch_country=row.country, hs_code=row.hs_code, origin_country=row.origin_country,
        weight_g=row.weight_g, lead_days=row.lead_time_days,
    )  # fmt: skip
