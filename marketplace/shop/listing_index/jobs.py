"""Keeps cards and the search index in step with the rooms below.

News of a product, offer, stock or shop rebuilds the cards concerned; news of cards goes to search.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from typing import Any

from sqlalchemy import Row, text

from kernel import clock
from kernel.actor import SYSTEM
from kernel.db import reading, session
from kernel.events import on
from kernel.jobs import schedule
from kernel.web.preferences import COUNTRY_CURRENCY
from marketplace.catalogue.inventory.events import StockCrossed
from marketplace.catalogue.offers.events import OfferChanged
from marketplace.catalogue.products import queries as catalogue
from marketplace.catalogue.products.events import ProductChanged
from marketplace.catalogue.products.queries import AttributeView, CategoryView
from marketplace.catalogue.ratings.events import RatingChanged
from marketplace.catalogue.ratings.queries import Rating
from marketplace.catalogue.translating.events import GoodsTranslated
from marketplace.catalogue.vendors.events import VendorChanged
from marketplace.shop.listing_index import landed_costs, service
from marketplace.shop.listing_index.events import ProductCardsChanged
from marketplace.shop.listing_index.queries import Lane
from search import api as search
from search.api import ProductDocument

_BATCH = 1000
SOLD_WITHIN = timedelta(days=30)
_DOCUMENTS = """
SELECT c.product_id, greatest(c.version, d.stamp) AS version, c.titles, c.translated,
    c.category_ids, c.vendor_id, c.vendor_name, c.country, c.in_stock, c.popularity,
    c.lead_time_days, c.listed_at, c.away, c.rating_count, c.rating_total, c.hazards, d.shown,
    p.attributes, p.brand, p.brand_latin, p.model,
    (SELECT jsonb_object_agg(t.locale, t.description) FROM marketplace.product_text t
     WHERE t.product_id = p.id) AS descriptions,
    (SELECT array_agg(v.sku) FROM marketplace.variant v WHERE v.product_id = p.id) AS skus,
    (SELECT jsonb_agg(v.options) FROM marketplace.variant v
     WHERE v.product_id = p.id AND v.options <> '{{}}') AS options
FROM marketplace.product_card c JOIN marketplace.product p ON p.id = c.product_id
LEFT JOIN marketplace.card_dues d ON d.product_id = c.product_id
WHERE {which} ORDER BY c.product_id
"""
_SOME = text(_DOCUMENTS.format(which="c.product_id = ANY(CAST(:ids AS bigint[]))"))
_NEXT = text(_DOCUMENTS.format(which="c.product_id > :after") + " LIMIT :most")
_VERSIONS = text(
    "SELECT product_id, greatest(c.version, d.stamp) AS version FROM marketplace.product_card c"
    " LEFT JOIN marketplace.card_dues d USING (product_id) ORDER BY product_id"
)
_SYNONYMS = text(
    "SELECT id, synonyms FROM marketplace.category WHERE synonyms <> '{}' AND id = ANY(:ids)"
)


class Products:
    """The cards as search reads them."""

    def documents(self) -> Iterator[ProductDocument]:
        """Return every product on the shelves, in batches of one statement each."""
        after = 0
        while True:
            with reading():
                rows = session().execute(_NEXT, {"after": after, "most": _BATCH}).all()
                batch = _documents(rows)
            yield from batch
            if len(rows) < _BATCH:
                return
            after = rows[-1].product_id

    def documents_of(self, ids: Sequence[int]) -> Iterable[ProductDocument]:
        """Return those of the products that stand on a shelf."""
        with reading():
            return _documents(session().execute(_SOME, {"ids": list(ids)}).all())

    def versions(self) -> Iterable[tuple[int, int]]:
        """Return id and version of every product on the shelves."""
        with reading():
            return [(row[0], row[1]) for row in session().execute(_VERSIONS)]


PRODUCTS = Products()
search.register_source(PRODUCTS)


@on(ProductChanged, "marketplace.listing_index.refresh_product", queue="index")
def refresh_product(event: ProductChanged) -> None:
    """Rebuild a product's card."""
    service.refresh(product_ids=[event.product_id], actor=SYSTEM)


@on(OfferChanged, "marketplace.listing_index.refresh_offer", queue="index")
def refresh_offer(event: OfferChanged) -> None:
    """Rebuild the card that an offer may feature on."""
    service.refresh(product_ids=[event.product_id], actor=SYSTEM)


@on(StockCrossed, "marketplace.listing_index.refresh_stock", queue="index")
def refresh_stock(event: StockCrossed) -> None:
    """Show that goods sold out or came back."""
    service.refresh_offers(offer_ids=event.offer_ids, actor=SYSTEM)


@on(GoodsTranslated, "marketplace.listing_index.refresh_translated", queue="index")
def refresh_translated(event: GoodsTranslated) -> None:
    """Call goods what they are called in further languages now."""
    service.refresh(product_ids=event.product_ids, actor=SYSTEM)


@on(VendorChanged, "marketplace.listing_index.refresh_vendor", queue="index")
def refresh_vendor(event: VendorChanged) -> None:
    """Take a closed shop's goods off the shelves, or put them back."""
    service.refresh_vendor(vendor_id=event.vendor_id, actor=SYSTEM)


@on(RatingChanged, "marketplace.listing_index.refresh_rating", queue="index")
def refresh_rating(event: RatingChanged) -> None:
    """Show a product's new stars on its card."""
    service.refresh(product_ids=[event.product_id], actor=SYSTEM)


@on(ProductCardsChanged, "marketplace.listing_index.index_cards", queue="index", outside=True)
def index_product_cards(event: ProductCardsChanged) -> None:
    """Bring the index to what the database says now; versions make a repeat harmless.

    What cards show at each door is reckoned first, so that it is what the index orders by.
    """
    landed_costs.reckon_some(product_ids=event.product_ids, actor=SYSTEM)
    documents = list(PRODUCTS.documents_of(event.product_ids))
    gone = set(event.product_ids) - {document.id for document in documents}
    if documents:
        search.index(documents=documents)
    if gone:
        search.remove(ids=sorted(gone), versions=dict.fromkeys(gone, event.version))


@schedule(
    "marketplace.listing_index.reprice", every=timedelta(hours=1), queue="slow", is_mirror=True
)
def reprice() -> None:
    """Follow new reference rates: shelves without a search index go by the price in euro."""
    if service.reprice(actor=SYSTEM):
        search.repair_drift()


@schedule(
    "marketplace.listing_index.count_sold", every=timedelta(days=1), queue="slow", is_mirror=True
)
def count_sold() -> None:
    """Count what was ordered in the last thirty days, less what came back: ranks go by it."""
    if service.count_sold(since=clock.now() - SOLD_WITHIN, actor=SYSTEM):
        search.repair_drift()


def _documents(rows: Sequence[Any]) -> list[ProductDocument]:
    ids = {key for row in rows for key in row.category_ids}
    categories, attributes = catalogue.categories(ids), catalogue.attributes()
    synonyms = {r.id: r.synonyms for r in session().execute(_SYNONYMS, {"ids": sorted(ids)})}
    return [_document(row, categories, synonyms, attributes) for row in rows]


def _document(
    row: Row[Any],  # of _DOCUMENTS
    categories: dict[int, CategoryView],
    synonyms: dict[int, dict[str, list[str]]],
    attributes: dict[str, AttributeView],
) -> ProductDocument:
    path = [categories[key] for key in row.category_ids]
    values = _values(row)
    stars = Rating(row.rating_count, row.rating_total) if row.rating_count else None
    return ProductDocument(
        id=row.product_id,
        version=row.version,
        titles=row.titles,
        descriptions=_described(row),
        category_ids=tuple(category.key for category in path),
        category_names=_names(path[-1:], synonyms),
        parent_names=_names(path[:-1], synonyms),
        attributes=facet_values(values, attributes),
        attribute_names=_attribute_names(values, attributes),
        vendor_id=row.vendor_id,
        vendor_name=row.vendor_name,
        brand=row.brand,
        brand_latin=row.brand_latin,
        model=row.model,
        skus=tuple(row.skus or ()),
        prices=row.shown or {},
        country=row.country,
        in_stock=row.in_stock,
        popularity=row.popularity,
        created_at=row.listed_at,
        ships_to=_ships_to(row.away),
        lead_days=row.lead_time_days,
        lane=Lane.of(row.country, row.hazards).name,
        stars=stars.reached if stars else (),
        standing=stars.standing if stars else 0,
    )


def _described(row: Row[Any]) -> dict[str, str]:
    """Return what is found below a title: descriptions, and titles that a machine translated."""
    described: dict[str, str] = dict(row.descriptions or {})
    for locale, title in row.translated.items():
        described[locale] = "\n".join(filter(None, (title, described.get(locale, ""))))
    return described


def _ships_to(away: Sequence[str]) -> tuple[str, ...]:
    """Return the countries that goods go to, in the words of search."""
    return tuple(sorted(COUNTRY_CURRENCY.keys() - set(away))) if away else (search.EVERYWHERE,)


def _values(row: Row[Any]) -> dict[str, list[Any]]:
    """Return the product's attribute values with those that tell its variants apart."""
    values = {key: list(given) for key, given in row.attributes.items()}
    for options in row.options or ():
        for key, value in options.items():
            if value not in values.setdefault(key, []):
                values[key].append(value)
    return values


def facet_values(
    values: dict[str, list[Any]], attributes: dict[str, AttributeView]
) -> dict[str, tuple[str, ...]]:
    """Return what the facets count: choices, and for colours their family."""
    facets = {}
    for key, given in values.items():
        attribute = attributes.get(key)
        if attribute is None or attribute.kind != "choice":
            continue
        families = [
            choice.family or choice.key
            for value in given
            if (choice := attribute.values.get(str(value))) is not None
        ]
        if families:
            facets[key] = tuple(dict.fromkeys(families))
    return facets


def _attribute_names(
    values: dict[str, list[Any]], attributes: dict[str, AttributeView]
) -> dict[str, tuple[str, ...]]:
    words: dict[str, list[str]] = {}
    for key, given in values.items():
        attribute = attributes.get(key)
        for value in given if attribute is not None else ():
            choice = attribute.values.get(str(value)) if attribute is not None else None
            for locale, name in (choice.names if choice is not None else {}).items():
                words.setdefault(locale, []).append(name)
    return {locale: tuple(dict.fromkeys(names)) for locale, names in words.items()}


def _names(
    path: Sequence[CategoryView], synonyms: dict[int, dict[str, list[str]]]
) -> dict[str, tuple[str, ...]]:
    words: dict[str, list[str]] = {}
    for category in path:
        for locale, name in category.names.items():
            words.setdefault(locale, []).append(name)
    for category in path:
        for locale, more in synonyms.get(category.id, {}).items():
            words.setdefault(locale, []).extend(more)
    return {locale: tuple(terms) for locale, terms in words.items()}


# An only worker keeps money and mail waiting meanwhile; the next run goes on where this one stops.
_LONGEST_S = 5


@schedule(
    "marketplace.listing_index.reckon_ahead",
    every=timedelta(seconds=30),
    queue="slow",
    is_spare=True,
)
def reckon_ahead() -> None:
    """Reckon what goods come to at each door that are new, changed, or of another day or rate."""
    began, last = time.monotonic(), 0
    while time.monotonic() - began < _LONGEST_S:
        product_id = landed_costs.reckon(after=last, actor=SYSTEM)
        if product_id is None:
            service.drop_dues(actor=SYSTEM)
            return
        last = product_id
