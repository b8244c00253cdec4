"""Goods of one kind side by side: what their cards say, and what tells them apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, text

from kernel.db import session
from kernel.statements import read_sql
from kernel.web import Preferences
from kernel.web.formats import format_row
from marketplace.catalogue.products import queries as catalogue
from marketplace.catalogue.products.queries import CategoryView
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.storefront import product_cards
from marketplace.shop.storefront.product_cards import ProductCard, reader

MOST = 4

_COMPARED = text(read_sql(__file__, "compared"))


@dataclass(frozen=True, slots=True)
class Compared:
    """Goods of a comparison.

    Units: weight_g packed grams of one, size_mm its packed size. Shape: facts are their properties
    in words, by what these are called.
    """

    card: ProductCard
    weight_g: int | None
    size_mm: tuple[int, ...] | None
    facts: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Comparison:
    """Goods of one kind side by side.

    Shape: kind is the shelf they stand on, None where there are none; goods in the order asked,
    facts what any of them says of itself, in the order of the shop; aside are goods of another
    kind, which are not compared.
    """

    kind: CategoryView | None
    goods: tuple[Compared, ...]
    facts: tuple[str, ...]
    aside: tuple[ProductCard, ...]

    def without(self, ref: str) -> list[str]:
        """Return which goods are left when one goes."""
        return [one.card.ref for one in self.goods if one.card.ref != ref]


def comparison(refs: Sequence[str], prefs: Preferences) -> Comparison:
    """Return the first four goods asked for, of the kind of the first one: two statements."""
    wanted = list(dict.fromkeys(refs))[:MOST]
    rows = {row.ref: row for row in session().execute(_COMPARED, {"refs": wanted})}
    found = shelves.by_ids([rows[ref].id for ref in wanted if ref in rows], reader=reader(prefs))
    if not found:
        return Comparison(None, (), (), ())
    kind = rows[found[0].ref].category_id
    pairs = list(zip(found, product_cards.of_rows(found, prefs), strict=True))
    goods = tuple(
        Compared(
            card,
            row.weight_g,
            tuple(size) if (size := rows[row.ref].size_mm) else None,
            _facts(rows[row.ref], prefs.locale),
        )
        for row, card in pairs
        if rows[row.ref].category_id == kind
    )
    said = {name for one in goods for name in one.facts}
    known = (attribute.name(prefs.locale) for attribute in catalogue.attributes().values())
    return Comparison(
        catalogue.categories([kind])[kind],
        goods,
        tuple(name for name in dict.fromkeys(known) if name in said),
        tuple(card for row, card in pairs if rows[row.ref].category_id != kind),
    )


def _facts(row: Row[Any], locale: str) -> dict[str, str]:
    known = catalogue.attributes()
    return {
        known[key].name(locale): format_row(*(known[key].value(value, locale) for value in values))
        for key, values in row.attributes.items()
        if key in known and values
    }
