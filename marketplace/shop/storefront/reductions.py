"""Goods whose price is truly lower than it was, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kernel.memory import Memory
from kernel.web import Preferences
from marketplace.shop.listing_index import reduced as shelves
from marketplace.shop.listing_index.queries import Reader
from marketplace.shop.listing_index.reduced import Reduced
from marketplace.shop.storefront import product_cards
from marketplace.shop.storefront.product_cards import ProductCard, Reduction, reader
from marketplace.shop.storefront.rules import PAGE_SIZE

_first: Memory[tuple[Reader, int], tuple[Reduced, ...]] = Memory(seconds=10, most=200)


@dataclass(frozen=True, slots=True)
class ReductionsPage:
    """Reduced goods, the last reduced first. Shape: after is the next page's cursor."""

    product_cards: tuple[ProductCard, ...]
    after: str
    is_first: bool


def newest(*, reader: Reader, size: int) -> tuple[Reduced, ...]:
    """Return what was reduced last, at most ten seconds old."""
    slot = (reader, size)
    known = _first.get(slot)
    if known is None:
        known = shelves.reduced(reader=reader, size=size).goods
        _first.keep({slot: known})
    return known


def page(*, after: str, prefs: Preferences) -> ReductionsPage:
    """Return a page of all reduced goods. Raises: BadCursor."""
    found = shelves.reduced(reader=reader(prefs), after=after, size=PAGE_SIZE)
    return ReductionsPage(cards(found.goods, prefs), found.after, not after)


def cards(goods: tuple[Reduced, ...], prefs: Preferences) -> tuple[ProductCard, ...]:
    """Return cards that say from what their price came down."""
    shown = product_cards.of_rows([one.card for one in goods], prefs)
    return tuple(
        replace(card, reduction=Reduction(one.now, one.lowest))
        for card, one in zip(shown, goods, strict=True)
    )
