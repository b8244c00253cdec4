"""Shelves ordered by the price that cards show, which search keeps for every door."""

from __future__ import annotations

from kernel.text import N_, Message
from kernel.web import Preferences
from kernel.web.arguments import row_number
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index.errors import BadCursor
from marketplace.shop.listing_index.queries import Order, ShelfPage
from marketplace.shop.storefront.product_cards import reader
from marketplace.shop.storefront.rules import PAGE_SIZE
from search import api as search

SORTS = {Order.PRICE: search.Sort.PRICE_LOW, Order.DEAR: search.Sort.PRICE_HIGH}
DEEPEST = 400  # pages that search turns to
GOODS_ALONE = N_(
    "We can't sort by the price at your door right now. These are sorted by price before delivery."
)


def page(
    *, shelf_id: int, key: str | None, order: Order, after: str, prefs: Preferences, is_narrow: bool
) -> tuple[ShelfPage, Message | None]:
    """Return a page of a shelf, and what is to be said of its order while search is away.

    Shape: after is the number of a page, or a place on the shelf where search was away before.
    Raises: BadCursor.
    """
    number = _number(after)
    try:
        if number:
            return _found(key, order, number, prefs, is_narrow=is_narrow), None
        place = after
    except search.SearchUnavailable:
        place = ""
    stands = shelves.shelf(
        category_id=shelf_id,
        reader=reader(prefs),
        order=order,
        after=place,
        is_narrow=is_narrow,
    )
    return stands, Message(GOODS_ALONE)


def _number(after: str) -> int:
    """Return the number of a page, 0 for a place on the shelf. Raises: BadCursor."""
    if "~" in after:
        return 0
    try:
        number = row_number(after) if after else 1
    except ValueError:
        raise BadCursor from None
    if not 1 <= number <= DEEPEST:
        raise BadCursor
    return number


def _found(
    key: str | None, order: Order, number: int, prefs: Preferences, *, is_narrow: bool
) -> ShelfPage:
    answer = search.search(
        request=search.SearchRequest(
            locale=prefs.locale,
            door=prefs.country,
            destination=prefs.country if is_narrow else "",
            sort=SORTS[order],
            page=number,
            size=PAGE_SIZE,
            with_facets=False,
            filters=search.Filters(categories=frozenset({key} if key else ())),
        )
    )
    rows = shelves.by_ids(answer.ids, reader=reader(prefs))
    has_more = number * PAGE_SIZE < answer.total and number < DEEPEST
    return ShelfPage(rows, str(number + 1) if has_more else "")
