"""What the shop's public pages show."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sqlalchemy import text

from kernel.db import session
from kernel.memory import Memory
from kernel.money import Money
from kernel.text import Message
from kernel.web import Preferences
from kernel.web.arguments import row_number_or_none
from marketplace.borders.duties import queries as duties
from marketplace.catalogue.drawings import queries as drawings
from marketplace.catalogue.pictures.queries import Picture
from marketplace.catalogue.products import queries as catalogue
from marketplace.catalogue.products.queries import CategoryView
from marketplace.landed.previews.queries import Destination
from marketplace.landed.pricing import queries as pricing
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index.models import EVERYTHING
from marketplace.shop.listing_index.queries import Order, Reader, ShelfPage
from marketplace.shop.storefront import by_price, door_prices, product_cards
from marketplace.shop.storefront.arrivals import ready_by
from marketplace.shop.storefront.facets import Facet, facets_of, telling_stars
from marketplace.shop.storefront.product_cards import ProductCard, reader
from marketplace.shop.storefront.rules import LAST_PAGE, PAGE_SIZE, Bar, Query, drawn_prices
from search import api as search

_SHELF_PICTURES = text(
    """
    SELECT u.id, x.* FROM unnest(CAST(:ids AS bigint[])) AS u (id)
    CROSS JOIN LATERAL (
        SELECT c.picture, c.ref, c.colour, c.category_ids,
            c.titles->>'en' AS title FROM marketplace.shelf_place p
        JOIN marketplace.product_card c USING (product_id)
        WHERE p.category_id = u.id ORDER BY p.rank DESC, p.product_id DESC LIMIT :most
    ) x
    """
)
# As many as other parts of a page may show already of one shelf.
_MOST_LOOKED_AT = 30
_pictures: Memory[int, dict[str, Picture]] = Memory(seconds=60, most=2_000)


@dataclass(frozen=True, slots=True)
class Shelf:
    """A category as a door. Units: goods standing there."""

    key: str
    name: str
    goods: int
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryPage:
    """A shelf.

    Units: goods that are shown, elsewhere those that do not go to the shopper's country. Shape:
    path from the root to the shelf; after is the next page's cursor; is_wide shows both; notice is
    set when search is away and the goods' own prices order a shelf.
    """

    category: CategoryView | None
    path: tuple[CategoryView, ...]
    children: tuple[Shelf, ...]
    product_cards: tuple[ProductCard, ...]
    goods: int
    order: Order
    after: str
    is_first: bool
    elsewhere: int = 0
    is_wide: bool = False
    notice: Message | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Results.

    Shape: notice is set when search is away and a plain list stands in; is_exact is False when
    nothing answers all words; instead are shelves to look on when nothing was found; bars draw how
    prices are spread; ways_out are, by facet and value, filters without which there would be goods,
    and how many, most first; it is empty where something was found. Units: lowest and highest
    prices in the shopper's currency, in_stock in goods, near in goods that cross no customs border,
    0 where only the shopper's own country has such, elsewhere in goods that answer but do not go to
    the shopper's country. stars counts goods by what their reviews reach at least; shown_for are
    the words that were answered instead of those typed, empty where these were.
    """

    query: Query
    product_cards: tuple[ProductCard, ...]
    total: int
    pages: int
    facets: tuple[Facet, ...]
    did_you_mean: str
    is_exact: bool
    notice: Message | None
    lowest: Money | None
    highest: Money | None
    in_stock: int = 0
    elsewhere: int = 0
    instead: tuple[Shelf, ...] = ()
    bars: tuple[Bar, ...] = ()
    ways_out: Mapping[tuple[str, str], int] = field(default_factory=dict)
    near: int = 0
    stars: tuple[search.FacetValue, ...] = ()
    shown_for: str = ""

    @property
    def first(self) -> int:
        """The number of the page's first result."""
        return (self.query.page - 1) * PAGE_SIZE + 1


def looked_at(product_ids: Sequence[int], prefs: Preferences) -> tuple[ProductCard, ...]:
    """Return the cards of goods that were looked at; those that left the shelves are missing."""
    return product_cards.of_rows(shelves.by_ids(product_ids, reader=reader(prefs)), prefs)


def roots(
    locale: str, *, with_pictures: bool = False, besides: Collection[str] = ()
) -> tuple[Shelf, ...]:
    """Return the first level of the shelf plan; shelves without goods stay away.

    Shape: besides are the files of pictures that the page shows already.
    """
    return _shelves(catalogue.children(None), locale, with_pictures=with_pictures, besides=besides)


def category_page(
    *, key: str | None, order: Order, after: str, prefs: Preferences, is_wide: bool
) -> CategoryPage:
    """Return a page of a shelf, or of everything. Raises: NoSuchCategory, BadCursor."""
    category = catalogue.category(key) if key is not None else None
    shelf_id = category.id if category is not None else EVERYTHING
    goods, away = shelves.counts([shelf_id])[shelf_id], shelves.away(shelf_id, prefs.country)
    is_narrow = bool(away) and not is_wide
    page, notice = _goods_of(shelf_id, key, order, after, prefs, is_narrow=is_narrow)
    path = category.path if category is not None else ()
    tree = catalogue.categories(path)
    below = catalogue.children(category.id if category is not None else None)
    return CategoryPage(
        category=category,
        path=tuple(tree[step] for step in path),
        children=_shelves(below, prefs.locale),
        product_cards=product_cards.of_rows(page.product_cards, prefs),
        goods=goods if is_wide else goods - away,
        order=order,
        after=page.after,
        is_first=not after,
        elsewhere=away,
        is_wide=is_wide,
        notice=notice,
    )


def _goods_of(
    shelf_id: int, key: str | None, order: Order, after: str, prefs: Preferences, *, is_narrow: bool
) -> tuple[ShelfPage, Message | None]:
    """Return a page of a shelf, and what is to be said of its order. Raises: BadCursor."""
    if order in by_price.SORTS:
        return by_price.page(
            shelf_id=shelf_id, key=key, order=order, after=after, prefs=prefs, is_narrow=is_narrow
        )
    stands = shelves.shelf(
        category_id=shelf_id,
        reader=reader(prefs),
        order=order,
        after=after,
        is_narrow=is_narrow,
    )
    return stands, None


def search_page(query: Query, prefs: Preferences) -> SearchPage:
    """Return results; when search is away, a plain list with its sentence as notice."""
    request = _request(query, prefs)
    try:
        answer = search.search(request=request)
        ways_out = {} if answer.total else _ways_out(query, prefs)
    except search.SearchUnavailable as away:
        return _plain(query, prefs, away.sentence)
    rows = shelves.by_ids(answer.ids, reader=reader(prefs))
    facets = answer.facets
    return SearchPage(
        query=query,
        product_cards=product_cards.of_rows(rows, prefs),
        total=answer.total,
        pages=min(LAST_PAGE, -(-answer.total // PAGE_SIZE)),
        is_exact=answer.is_exact,
        facets=facets_of(facets, query, prefs.locale, total=answer.total),
        did_you_mean=answer.did_you_mean or "",
        notice=None,
        lowest=door_prices.shown(facets.price_low, prefs),
        highest=door_prices.shown(facets.price_high, prefs),
        in_stock=facets.in_stock,
        elsewhere=answer.elsewhere,
        instead=() if rows else roots(prefs.locale),
        bars=_bars(facets, request.filters),
        ways_out=ways_out,
        near=_near(facets, prefs.country),
        stars=telling_stars(facets.stars, query, answer.total),
        shown_for=answer.shown_for,
    )


def _bars(facets: search.Facets, chosen: search.Filters) -> tuple[Bar, ...]:
    steps = [(bar.low, bar.high, bar.count) for bar in facets.prices]
    return drawn_prices(steps, low=chosen.price_low, high=chosen.price_high)


def _near(facets: search.Facets, country: str) -> int:
    near = neighbours(country)
    return sum(v.count for v in facets.countries if v.value in near) if len(near) > 1 else 0


MOST_WAYS = 6


def _ways_out(query: Query, prefs: Preferences) -> dict[tuple[str, str], int]:
    """Return how many goods each filter alone keeps away, for those whose end would help."""
    counts = {}
    for way, looser in list(query.loosened.items())[:MOST_WAYS]:
        request = replace(_request(looser, prefs), size=1, with_facets=False)
        counts[way] = search.search(request=request).total
    ordered = sorted(counts.items(), key=lambda pair: -pair[1])
    return {way: count for way, count in ordered if count}


def _plain(query: Query, prefs: Preferences, notice: Message) -> SearchPage:
    page = shelves.shelf(category_id=EVERYTHING, reader=reader(prefs), size=PAGE_SIZE)
    return SearchPage(
        query=query,
        product_cards=product_cards.of_rows(page.product_cards, prefs),
        total=shelves.total(),
        pages=1,
        facets=(),
        did_you_mean="",
        is_exact=True,
        notice=notice,
        lowest=None,
        highest=None,
    )


def _request(query: Query, prefs: Preferences) -> search.SearchRequest:
    low, high = door_prices.bounds(query.low, query.high, prefs)
    asked = (row_number_or_none(typed) for typed in query.values.get("vendor", ()))
    vendor_ids = frozenset(vendor_id for vendor_id in asked if vendor_id is not None)
    return search.SearchRequest(
        text=query.text,
        is_literal=query.is_literal,
        locale=prefs.locale,
        door=prefs.country,
        destination="" if query.is_wide else prefs.country,
        sort=search.Sort(query.sort),
        page=query.page,
        size=PAGE_SIZE,
        filters=search.Filters(
            categories=frozenset(query.values.get("c", ())),
            brands=frozenset(query.values.get("brand", ())),
            vendors=vendor_ids,
            countries=frozenset(query.values.get("country", ())),
            in_stock=query.in_stock,
            within=neighbours(prefs.country) if query.is_near else frozenset(),
            ready=_ready(query, prefs),
            stars=query.stars,
            attributes={
                name[2:]: frozenset(given)
                for name, given in query.values.items()
                if name.startswith("a.")
            },
            price_low=low,
            price_high=high,
        ),
    )


def _ready(query: Query, prefs: Preferences) -> dict[str, int] | None:
    if query.by is None:
        return None
    to = Destination(prefs.country, prefs.currency)
    return ready_by(shelves.lanes(), to, query.by)


def neighbours(country: str) -> frozenset[str]:
    """Return the countries from which goods cross no customs border, its own included."""
    return frozenset(
        other
        for other in {*duties.destinations(), country}
        if not duties.needs_declaration(dispatch_country=other, destination_country=country)
    )


def _shelves(
    categories: Sequence[CategoryView],
    locale: str,
    *,
    with_pictures: bool = False,
    besides: Collection[str] = (),
) -> tuple[Shelf, ...]:
    counts = shelves.counts([category.id for category in categories])
    filled = [category for category in categories if counts[category.id]]
    pictures = _shelf_pictures([c.id for c in filled], besides) if with_pictures else {}
    return tuple(Shelf(c.key, c.name(locale), counts[c.id], pictures.get(c.id)) for c in filled)


def _shelf_pictures(ids: Sequence[int], besides: Collection[str]) -> dict[int, Picture]:
    """Return one picture for each shelf, its best goods' that none before it and no other shows.

    A shelf all of whose first goods are shown already has its very first one.
    """
    known = _pictures.of(ids)
    missing = [key for key in ids if key not in known]
    if missing:
        rows = session().execute(_SHELF_PICTURES, {"ids": missing, "most": _MOST_LOOKED_AT}).all()
        drawings.foresee(row.category_ids for row in rows if not row.picture)
        fresh: dict[int, dict[str, Picture]] = {key: {} for key in missing}
        for row in rows:
            name = str(row.picture["path"]) if row.picture else row.ref
            fresh[row.id][name] = product_cards.picture_of(
                ref=row.ref,
                picture=row.picture,
                colour=row.colour,
                category_ids=row.category_ids,
                title=row.title or "",
            )
        _pictures.keep(fresh)
        known |= fresh
    taken, chosen = set(besides), {}
    for key in ids:
        named = known[key]
        name = next((name for name in named if name not in taken), next(iter(named)))
        taken.add(name)
        chosen[key] = named[name]
    return chosen


def found_for_partners(*, text: str, locale: str, limit: int, currency: str) -> dict[str, Any]:
    """Return search results as plain values. Raises: SearchUnavailable.

    Shape: query, total, did_you_mean, shown_for (words answered instead), results (id as imported,
    else the reference; ref, title, translated_from (the original's language where a machine
    translated the title, else empty), price as decimal text with currency, vendor, in_stock).
    """
    answer = search.search(
        request=search.SearchRequest(text=text, locale=locale, size=limit, with_facets=False)
    )
    rows = shelves.by_ids(answer.ids, reader=Reader(locale, currency))
    results = []
    for row in rows:
        own = {currency: row.own_minor} if row.own_minor is not None else {}
        shown = pricing.price_in(home=row.home_price, own=own, currency=currency or row.currency)
        price = shown.money if shown else row.home_price
        results.append(
            {
                "id": row.external_ref or row.ref,
                "ref": row.ref,
                "title": row.title,
                "translated_from": row.translated_from,
                "price": str(price.amount),
                "currency": price.currency,
                "vendor": row.vendor_name,
                "in_stock": row.in_stock,
            }
        )
    return {
        "query": text,
        "total": answer.total,
        "did_you_mean": answer.did_you_mean,
        "shown_for": answer.shown_for,
        "results": results,
    }
