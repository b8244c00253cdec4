"""Goods whose price is truly lower than it was, as pages show them."""

from __future__ import annotations

from dataclasses import dataclass, replace

from kernel.web import Preferences
from marketplace.shop.listing_index import reduced as shelves
from marketplace.shop.listing_index.reduced import Reduced
from marketplace.shop.storefront import product_cards
from marketplace.shop.storefront.product_cards import ProductCard, Reduction, reader
from marketplace.shop.storefront.rules import PAGE_SIZE


@dataclass(frozen=True, slots=True)
class ReductionsPage:
    """Reduced goods, the last reduced first. Shape: after is the next page's cursor."""

    product_cards: tuple[ProductCard, ...]
    after: str
    is_first: bool


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
