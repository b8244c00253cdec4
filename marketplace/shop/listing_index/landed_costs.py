"""Reckons ahead what borders add to the goods of cards, and where they cannot go, card by card."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Protocol

from kernel.actor import Actor
from kernel.db import command
from kernel.money import Money
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.landed.previews import queries as previews
from marketplace.landed.previews.queries import Destination, Piece
from marketplace.landed.pricing import queries as pricing
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index import service as shelving
from marketplace.shop.listing_index.service import Reach

BATCH = 100
_Pieces = Mapping[str, Piece | None]


class _Goods(Protocol):
    """What rows of cards and of offers both say. Shape: sends_to None is everywhere."""

    offer_id: int
    version: int
    sends_to: Sequence[str] | None
    price_minor: int
    currency: str
    own_prices: Mapping[str, int]
    country: str
    hs_code: str | None
    origin_country: str | None
    weight_g: int | None
    hazards: Sequence[str] | None
    lead_time_days: int


class _Card(_Goods, Protocol):
    """What rows of cards say beside that."""

    product_id: int


@command("marketplace.listing_index.reckon")
def reckon(*, after: int, actor: Actor) -> int | None:
    """Bring dues and reach of the next cards up to date; return the last, None when all are done.

    Locks: cards and rows of dues, in product order.
    """
    basis = previews.basis()
    rows = shelves.without_dues(basis=basis, after=after, most=BATCH)
    if not rows:
        return None
    _keep(rows, basis, is_told=True, actor=actor)
    return int(rows[-1].product_id)


@command("marketplace.listing_index.reckon_some")
def reckon_some(*, product_ids: Collection[int], actor: Actor) -> None:
    """Bring dues and reach of some cards up to date, for whoever tells search of them next.

    Locks: cards and rows of dues, in product order.
    """
    basis = previews.basis()
    rows = shelves.without_dues_of(product_ids, basis=basis)
    if rows:
        _keep(rows, basis, is_told=False, actor=actor)


def reckon_all(*, actor: Actor) -> None:
    """Bring dues and reach of all cards up to date, a batch at a time."""
    last: int | None = 0
    while last is not None:
        last = reckon(after=last, actor=actor)


def _keep(rows: Sequence[Any], basis: str, *, is_told: bool, actor: Actor) -> None:
    reckonings = [_reckoned(row) for row in rows]
    # What the featured offer cannot do another one may: another shop's, or a lighter form.
    others = _offers([row for row, one in zip(rows, reckonings, strict=True) if one.away])
    shelving.keep_reach(
        basis=basis,
        is_told=is_told,
        actor=actor,
        reaches=[
            replace(one, away=_out_of_reach(one.away, others[row.product_id]))
            for row, one in zip(rows, reckonings, strict=True)
        ],
    )


def _reckoned(row: _Card) -> Reach:
    """Return what a border adds to one card's goods, what cards show, and where they do not go."""
    pieces = _pieces(row)
    lines = {
        country: previews.dues_ahead(piece, Destination(country, currency))
        for country, currency in COUNTRY_CURRENCY.items()
        if (piece := pieces[currency]) is not None
    }
    away = [
        country
        for country in COUNTRY_CURRENCY
        if not (lines.get(country) and _is_sent(row, country)) and _is_barred(row, pieces, country)
    ]
    shown = {
        country: _shown(row, country, piece, lines[country])
        for country, currency in COUNTRY_CURRENCY.items()
        if (piece := pieces[currency]) is not None
    }
    dues = {country: line for country, line in lines.items() if line}
    return Reach(row.product_id, row.version, dues, shown, away)


def _shown(row: _Goods, country: str, piece: Piece, line: str) -> int:
    """Return what a card shows in a country: the price at the door, else that of the goods."""
    if line and _is_sent(row, country):
        return previews.at_door_ahead(line)
    return piece.price.minor


def _offers(rows: Sequence[Any]) -> dict[int, list[Any]]:
    ids = [row.product_id for row in rows if row.offers > 1]
    by_product: dict[int, list[Any]] = defaultdict(list)
    for offer in shelves.offers_of(ids) if ids else ():
        by_product[offer.product_id].append(offer)
    return by_product


def _out_of_reach(away: Sequence[str], offers: Sequence[Any]) -> list[str]:
    """Return those of the countries that none of the offers reaches either."""
    left = set(away)
    for offer in offers:
        pieces = _pieces(offer)
        left = {country for country in left if _is_barred(offer, pieces, country)}
    return sorted(left)


def _is_barred(row: _Goods, pieces: _Pieces, country: str) -> bool:
    """Whether an offer cannot come; a currency without a price today says nothing about that."""
    if not _is_sent(row, country):
        return True
    piece = pieces[COUNTRY_CURRENCY[country]]
    to = Destination(country, COUNTRY_CURRENCY[country])
    return piece is not None and previews.is_refused(piece, to)


def _is_sent(row: _Goods, country: str) -> bool:
    return row.sends_to is None or country in row.sends_to


def _pieces(row: _Goods) -> _Pieces:
    return {currency: _piece(row, currency) for currency in set(COUNTRY_CURRENCY.values())}


def _piece(row: _Goods, currency: str) -> Piece | None:
    price = pricing.price_in(
        home=Money(row.price_minor, row.currency), own=row.own_prices, currency=currency
    )
    if price is None:
        return None
    return Piece(
        key=(row.offer_id, row.version),
        title="",
        price=price.money,
        dispatch_country=row.country,
        hs_code=row.hs_code,
        origin_country=row.origin_country,
        weight_g=row.weight_g,
        hazards=tuple(row.hazards or ()),
        lead_days=row.lead_time_days,
    )
