"""Cards for pages: keyset pages of a shelf, cards by id, cards of a shop. No joins, no counting."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, NamedTuple

from sqlalchemy import TextualSelect, column, text

from kernel.db import session
from kernel.memory import Memory
from kernel.money import Money
from kernel.statements import read_sql
from kernel.web.arguments import row_number
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.catalogue.ratings.queries import standing
from marketplace.landed.previews import queries as previews
from marketplace.shop.listing_index import listed
from marketplace.shop.listing_index.errors import BadCursor
from marketplace.shop.listing_index.listed import named, shops, starts
from marketplace.shop.listing_index.models import EVERYTHING

__all__ = ["named", "shops", "starts"]

_CARDS = read_sql(__file__, "cards_for_reader")
_CARDS_OF_PLACES = read_sql(__file__, "cards_of_places")


class ProductCardRow(NamedTuple):
    """A card in the reader's language, as it comes from the database.

    Units: price_minor in currency, own_minor in the reader's currency and door_minor in that of
    the reader's country when the vendor typed one.
    Shape: dues is what was reckoned ahead for the reader's country and still holds; is_sent when
    the seller chose to send there; translated_from is the language of a title that a machine
    translated, else empty. rating_total is the sum of the stars of all reviews.
    """

    product_id: int
    version: int
    ref: str
    external_ref: str | None
    vendor_id: int
    vendor_name: str
    vendor_latin: str
    vendor_slug: str
    country: str
    offer_id: int
    variant_id: int
    price_minor: int
    currency: str
    own_minor: int | None
    door_minor: int | None
    lead_time_days: int
    hs_code: str | None
    origin_country: str | None
    weight_g: int | None
    hazards: list[str]
    variants: int
    offers: int
    title: str
    title_locale: str
    translated_from: str
    slug_title: str
    picture: dict[str, Any] | None
    colour: str | None
    in_stock: bool
    category_ids: list[int]
    rank: int
    price_eur_minor: int | None
    listed_at: datetime
    dues: str | None
    is_sent: bool
    rating_count: int
    rating_total: int

    @property
    def home_price(self) -> Money:
        """The featured offer's price in its vendor's currency."""
        return Money(self.price_minor, self.currency)


class Lane(NamedTuple):
    """What the days on the way of goods depend on: where they leave, and who carries them."""

    country: str
    hazards: frozenset[str]

    @classmethod
    def of(cls, country: str, hazards: Collection[str]) -> Lane:
        """Return the lane of goods with such hazards."""
        return cls(country, frozenset(hazards))

    @property
    def name(self) -> str:
        """Its name in the search index."""
        return " ".join([self.country, *sorted(self.hazards)])


class Order(StrEnum):
    """How a shelf is sorted; the value stands in the address."""

    BEST = "best"
    PRICE = "price"
    DEAR = "price-high"
    NEW = "new"
    RATED = "rated"


@dataclass(frozen=True, slots=True)
class Reader:
    """Whom cards are read for. Shape: basis names the dues that hold now, empty for none."""

    locale: str
    currency: str
    country: str = ""
    basis: str = ""

    @property
    def binds(self) -> dict[str, str]:
        """The statement's parameters."""
        return {
            "locale": self.locale,
            "currency": self.currency,
            "door_currency": COUNTRY_CURRENCY.get(self.country, self.currency),
            "country": self.country,
            "basis": self.basis,
            "sister": _SISTERS.get(self.locale, self.locale.partition("-")[0]),
        }


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """One page of a shelf. Shape: after is the cursor of the next page, empty on the last one."""

    product_cards: tuple[ProductCardRow, ...]
    after: str


_SISTERS = {"pt-BR": "pt-PT", "zh-CN": "zh-TW"}
_KEYS: Mapping[Order, tuple[str, str]] = {
    Order.BEST: ("rank", "DESC"),
    Order.PRICE: ("price_eur_minor", "ASC"),
    Order.DEAR: ("price_eur_minor", "DESC"),
    Order.NEW: ("listed_at", "DESC"),
    Order.RATED: ("standing", "DESC"),
}
_UNPRICED = 2**62


_PLACES = "SELECT p.product_id FROM marketplace.shelf_place p WHERE p.category_id = :category_id"


def _cards(sql: str) -> TextualSelect:
    """Return a statement that reads cards. Its columns are named, or each page would learn them."""
    return text(sql).columns(*map(column, ProductCardRow._fields))


def _shelf(order: Order, *, first: bool, narrow: bool) -> TextualSelect:
    key, way = _KEYS[order]
    sign = ">" if way == "ASC" else "<"
    kind = "timestamptz" if key == "listed_at" else "bigint"
    after = (
        "" if first else f"AND (p.{key}, p.product_id) {sign} (CAST(:key AS {kind}), :product_id)"
    )
    # Goods whose currency has no rate today have no place among prices, dear first.
    priced = f"AND p.price_eur_minor < {_UNPRICED}" if order is Order.DEAR else ""
    reaching = "AND CAST(:country AS text) <> ALL(p.away)" if narrow else ""
    places = (
        f"{_PLACES} {after} {priced} {reaching}"
        f" ORDER BY p.{key} {way}, p.product_id {way} LIMIT :size"
    )
    return _cards(f"WITH places AS ({places}) {_CARDS_OF_PLACES}")


# Every statement of the shelf is written once, at import.
_SHELF = {
    (order, first, narrow): _shelf(order, first=first, narrow=narrow)
    for order in Order
    for first in (True, False)
    for narrow in (True, False)
}
_BY_IDS = _cards(f"{_CARDS} WHERE c.product_id = ANY(CAST(:ids AS bigint[]))")
_OF_VENDOR = _cards(
    f"{_CARDS} WHERE c.vendor_id = :vendor_id"
    " AND (c.rank, c.product_id) < (:key, :product_id)"
    " ORDER BY c.rank DESC, c.product_id DESC LIMIT :size"
)
_PLACES_OF_VENDOR = (
    "SELECT o.product_id FROM marketplace.product_card o WHERE o.vendor_id = :vendor_id"
)
_PLACES_BESIDE = " UNION ".join(
    (
        "SELECT unnest(CAST(:ids AS bigint[])) AS product_id",
        f"({_PLACES} ORDER BY p.rank DESC, p.product_id DESC LIMIT :size)",
        f"({_PLACES_OF_VENDOR} ORDER BY o.rank DESC, o.product_id DESC LIMIT :size)",
    )
)
_BESIDE = _cards(f"WITH places AS ({_PLACES_BESIDE}) {_CARDS_OF_PLACES}")
_COUNTS = text(
    "SELECT category_id, goods, away FROM marketplace.shelf_count"
    " WHERE category_id = ANY(CAST(:ids AS bigint[]))"
    # The shelves that every page's menu counts come along with whatever is asked first.
    " OR category_id IN (SELECT id FROM marketplace.category WHERE parent_id IS NULL)"
)
_VENDOR_COUNT = text("SELECT count(*) FROM marketplace.product_card WHERE vendor_id = :vendor_id")
_VENDOR_ROWS = text(
    "SELECT count(DISTINCT vendor_id), count(DISTINCT country) FROM marketplace.product_card"
)
_LANES = text("SELECT DISTINCT country, hazards FROM marketplace.product_card")

_WITHOUT_DUES = (
    "SELECT c.product_id, c.version, c.offer_id, c.country, c.price_minor, c.currency,"
    " c.own_prices, c.lead_time_days, c.hs_code, c.origin_country, c.weight_g, c.hazards,"
    " c.sends_to, c.offers FROM marketplace.product_card c"
    " LEFT JOIN marketplace.card_dues d USING (product_id)"
    " WHERE (d.version IS DISTINCT FROM c.version OR d.book <> :basis)"
)
_NEXT_WITHOUT_DUES = text(
    f"{_WITHOUT_DUES} AND c.product_id > :after ORDER BY c.product_id LIMIT :most"
)
_SOME_WITHOUT_DUES = text(
    f"{_WITHOUT_DUES} AND c.product_id = ANY(CAST(:ids AS bigint[])) ORDER BY c.product_id"
)

_OFFERS = text(
    """
    SELECT v.product_id, o.id AS offer_id, o.version, n.country, o.price_minor, o.currency,
        o.lead_time_days, v.hs_code, v.origin_country, v.weight_g, v.hazards,
        CASE WHEN p.responsible = '{}' AND coalesce(n.legal->'responsible', '{}') = '{}'
                AND coalesce(n.legal->>'country', n.country) <> ALL(CAST(:union AS text[]))
            THEN ARRAY(SELECT c FROM unnest(coalesce(n.sends_to, CAST(:countries AS text[])))
                AS a (c) WHERE c <> ALL(CAST(:union AS text[])))
            ELSE n.sends_to END AS sends_to,
        coalesce((SELECT jsonb_object_agg(w.currency, w.price_minor)
                  FROM marketplace.offer_own_price w WHERE w.offer_id = o.id), '{}') AS own_prices
    FROM marketplace.variant v
    JOIN marketplace.product p ON p.id = v.product_id
    JOIN marketplace.offer o ON o.variant_id = v.id AND o.status = 'listed'
    JOIN marketplace.vendor n ON n.id = o.vendor_id AND n.status = 'active'
    WHERE v.product_id = ANY(CAST(:ids AS bigint[])) ORDER BY o.id
    """
)

_counts: Memory[int, tuple[int, Mapping[str, int]]] = Memory(seconds=20, most=20_000)
_vendor_counts: Memory[int, int] = Memory(seconds=20, most=5_000)
_lanes: Memory[str, frozenset[Lane]] = Memory(seconds=60, most=1)
_spread: Memory[str, tuple[int, int]] = Memory(seconds=60, most=1)


def shelf(
    *,
    category_id: int,
    reader: Reader,
    order: Order = Order.BEST,
    after: str = "",
    size: int = 24,
    is_narrow: bool = False,
) -> ShelfPage:
    """Return a page of a shelf, or of everything. Raises: BadCursor.

    A narrow one leaves out what does not go to the reader's country.
    """
    binds: dict[str, Any] = {**reader.binds, "category_id": category_id, "size": size + 1}
    if after:
        binds["key"], binds["product_id"] = _cursor(after, order)
    rows = session().execute(_SHELF[order, not after, is_narrow], binds).all()
    product_cards = _sorted([ProductCardRow(*row) for row in rows], order)
    more = len(product_cards) > size
    shown = tuple(product_cards[:size])
    return ShelfPage(shown, _cursor_of(shown[-1], order) if more else "")


def by_ids(ids: Sequence[int], *, reader: Reader) -> tuple[ProductCardRow, ...]:
    """Return the cards of products in the order asked; those that left the shelves are missing."""
    if not ids:
        return ()
    rows = session().execute(_BY_IDS, {**reader.binds, "ids": list(ids)}).all()
    by_id = {row[0]: ProductCardRow._make(row) for row in rows}
    return tuple(by_id[key] for key in ids if key in by_id)


def without_dues(*, basis: str, after: int, most: int) -> Sequence[Any]:
    """Return goods of cards whose dues were not reckoned on this basis yet, in product order.

    Shape: rows with product_id, version and what carriers and borders ask for; all currencies.
    """
    binds = {"basis": basis, "after": after, "most": most}
    return session().execute(_NEXT_WITHOUT_DUES, binds).all()


def without_dues_of(product_ids: Collection[int], *, basis: str) -> Sequence[Any]:
    """Return those of some goods whose dues were not reckoned on this basis yet, as above."""
    binds = {"basis": basis, "ids": sorted(product_ids)}
    return session().execute(_SOME_WITHOUT_DUES, binds).all()


def offers_of(product_ids: Collection[int]) -> Sequence[Any]:
    """Return what carriers and borders ask for of all offers of products, in one statement."""
    binds = {
        "ids": sorted(product_ids),
        "union": sorted(previews.union()),
        "countries": sorted(COUNTRY_CURRENCY),
    }
    return session().execute(_OFFERS, binds).all()


def of_vendor(*, vendor_id: int, reader: Reader, after: str = "", size: int = 24) -> ShelfPage:
    """Return a page of a shop's goods, best first. Raises: BadCursor."""
    key, product_id = _cursor(after, Order.BEST) if after else (2**62, 2**62)
    binds = {
        **reader.binds,
        "vendor_id": vendor_id,
        "key": key,
        "product_id": product_id,
        "size": size + 1,
    }
    rows = [ProductCardRow(*row) for row in session().execute(_OF_VENDOR, binds)]
    shown = tuple(rows[:size])
    return ShelfPage(shown, _cursor_of(shown[-1], Order.BEST) if len(rows) > size else "")


def beside(
    *, ids: Sequence[int], category_id: int, vendor_id: int | None, reader: Reader, size: int
) -> tuple[ProductCardRow, ...]:
    """Return the cards of products, with the first ones of a shelf and of a shop, best first.

    Units: size for shelf and shop each.
    """
    binds = {
        **reader.binds,
        "ids": list(ids),
        "category_id": category_id,
        "vendor_id": vendor_id,
        "size": size,
    }
    rows = [ProductCardRow(*row) for row in session().execute(_BESIDE, binds)]
    return tuple(_sorted(rows, Order.BEST))


def counts(category_ids: Collection[int]) -> dict[int, int]:
    """Return how many goods stand on each shelf, at most twenty seconds old."""
    return {key: goods for key, (goods, _) in _counted(category_ids).items()}


def away(category_id: int, country: str) -> int:
    """Return how many goods of a shelf do not go to a country, at most twenty seconds old."""
    return _counted([category_id])[category_id][1].get(country, 0)


def _counted(category_ids: Collection[int]) -> dict[int, tuple[int, Mapping[str, int]]]:
    known = _counts.of(category_ids)
    missing = [key for key in category_ids if key not in known]
    if missing:
        rows = session().execute(_COUNTS, {"ids": [*missing, EVERYTHING]}).all()
        fresh: dict[int, tuple[int, Mapping[str, int]]] = {key: (0, {}) for key in missing}
        fresh |= {row[0]: (row[1], row[2]) for row in rows}
        _counts.keep(fresh)
        known |= {key: fresh[key] for key in missing}
    return known


def total() -> int:
    """Return how many goods there are."""
    return counts([EVERYTHING])[EVERYTHING]


def vendor_count(vendor_id: int) -> int:
    """Return how many goods a shop shows."""
    known = _vendor_counts.get(vendor_id)
    if known is None:
        known = int(session().execute(_VENDOR_COUNT, {"vendor_id": vendor_id}).scalar_one())
        _vendor_counts.keep({vendor_id: known})
    return known


def spread() -> tuple[int, int]:
    """Return how many shops and how many countries stand behind the goods."""
    known = _spread.get("all")
    if known is None:
        row = session().execute(_VENDOR_ROWS).one()
        known = (row[0], row[1])
        _spread.keep({"all": known})
    return known


def lanes() -> frozenset[Lane]:
    """Return what the days on the way of all goods depend on, at most a minute old."""
    known = _lanes.get("all")
    if known is None:
        known = frozenset(Lane.of(*row) for row in session().execute(_LANES))
        _lanes.keep({"all": known})
    return known


def forget() -> None:
    """Drop what this process remembers; seeds and imports call it after they wrote."""
    listed.forget()
    for memory in (_counts, _vendor_counts, _spread, _lanes):
        memory.forget()


def _sorted(found: list[ProductCardRow], order: Order) -> list[ProductCardRow]:
    # The join may return them in any order; the page's own order is cheap to restore.
    falls = _KEYS[order][1] == "DESC"
    return sorted(found, key=lambda c: (_stands(c, order), c.product_id), reverse=falls)


def _stands(row: ProductCardRow, order: Order) -> datetime | int:
    if order is Order.NEW:
        return row.listed_at
    if order is Order.RATED:
        return standing(row.rating_count, row.rating_total)
    return row.rank if order is Order.BEST else _price(row)


def _price(row: ProductCardRow) -> int:
    return _UNPRICED if row.price_eur_minor is None else row.price_eur_minor


def _cursor_of(row: ProductCardRow, order: Order) -> str:
    place = _stands(row, order)
    return f"{place.isoformat() if isinstance(place, datetime) else place}~{row.product_id}"


def _cursor(after: str, order: Order) -> tuple[Any, int]:
    key, _, product_id = after.rpartition("~")
    try:
        typed = datetime.fromisoformat(key) if order is Order.NEW else row_number(key)
        return typed, row_number(product_id)
    except ValueError:
        raise BadCursor from None
