"""What the search box offers while somebody types: shelves and brands, then goods, then shops."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

from kernel.text import N_
from kernel.web.i18n import translate, use_locale
from marketplace.catalogue.pictures.queries import address
from marketplace.catalogue.products.queries import slug
from marketplace.catalogue.vendors import queries as vendors
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index.queries import ProductCardRow, Reader
from search import api as search

GOODS, SHOPS, WORDS = 4, 2, 3
_PICTURE: Final = 96  # pixels, twice what the list shows


def completions(*, text: str, locale: str, limit: int) -> list[dict[str, Any]]:
    """Return completions as plain values; nothing while search is away.

    Units: limit in completions; goods and shops leave room for at least three words. Shape: text,
    kind (category, brand, title, product, vendor), target, count of goods; path is the page below
    a language's own, empty where words are searched for; picture and note may be empty.
    """
    try:
        words = search.suggest(text=text, locale=locale, limit=limit)
        goods = _goods(text, words, locale)
    except search.SearchUnavailable:
        return []
    shops = _shops(text, locale)
    titles = {line["text"] for line in goods}
    terms = [_word(one) for one in words if one.text not in titles]
    room = max(limit - len(goods) - len(shops), WORDS)
    return (terms[:room] + goods + shops)[:limit]


def _goods(text: str, words: Sequence[search.Suggestion], locale: str) -> list[dict[str, Any]]:
    """Return goods that answer the words or what they begin, else those of the shelf they begin."""
    if len(text.strip()) < 2 and text.isascii():
        return []
    ids = _found(text, locale)
    if not ids and words and words[0].kind is search.SuggestionKind.CATEGORY:
        ids = _found(words[0].text, locale)
    rows = shelves.by_ids(ids, reader=Reader(locale, ""))
    return [_line(row.title, "product", row.ref, _product_path(row), _picture(row)) for row in rows]


def _found(text: str, locale: str) -> tuple[int, ...]:
    page = search.search(
        request=search.SearchRequest(
            text=text, locale=locale, size=GOODS, with_facets=False, is_typing=True
        )
    )
    return page.ids if page.is_exact else ()


def _product_path(row: ProductCardRow) -> str:
    return f"p/{row.ref}/{slug(row.slug_title)}"


def _picture(row: ProductCardRow) -> str:
    """Return the address of the photograph; a drawing would take longer to find than to see."""
    photo = row.picture
    return address(photo["path"], photo["sizes"], wanted=_PICTURE) if photo else ""


def _shops(text: str, locale: str) -> list[dict[str, Any]]:
    shops = vendors.beginning(text, most=SHOPS)
    with use_locale(locale):
        note = translate(N_("Seller"))
    return [_line(name, "vendor", key, f"shops/{key}", note=note) for name, key in shops]


def _word(one: search.Suggestion) -> dict[str, Any]:
    path = f"c/{one.target}" if one.kind is search.SuggestionKind.CATEGORY else ""
    return _line(one.text, str(one.kind), one.target, path) | {"count": one.count}


def _line(
    text: str, kind: str, target: str, path: str, picture: str = "", note: str = ""
) -> dict[str, Any]:
    return {
        "text": text,
        "kind": kind,
        "target": target,
        "count": 0,
        "path": path,
        "picture": picture,
        "note": note,
    }
