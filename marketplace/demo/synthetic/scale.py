"""A catalogue of any size for measuring: synthetic shops and goods through the bulk door."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import text

from kernel import clock, memory, outbox
from kernel.actor import SYSTEM
from kernel.db import session, transaction
from marketplace.catalogue.pictures import bulk as pictures
from marketplace.catalogue.vendors import service as vendors
from marketplace.catalogue.vendors.service import Shop
from marketplace.demo.imports import bulk
from marketplace.demo.imports.bulk import BulkProduct, BulkVariant
from marketplace.demo.synthetic import synthetic
from marketplace.shop.listing_index import landed_costs
from marketplace.shop.listing_index import service as shelves
from search import api as search

_WORDS = Path(__file__).parent / "data" / "words.json"
_CATEGORIES = text("SELECT key, id FROM marketplace.category")


@dataclass(frozen=True, slots=True)
class Scaled:
    """What stands after a scale seed. Units: rows."""

    vendors: int
    changed: int
    indexed: int


def seed_scale(*, offers: int, vendor_count: int) -> Scaled:
    """Load exactly so many offers of so many shops, then shelves and index; twice is once."""
    words = json.loads(_WORDS.read_text(encoding="utf-8"))
    shops = _open_shops(vendor_count, words)
    with transaction(name="marketplace.demo.scale", actor=SYSTEM):
        categories = {row[0]: row[1] for row in session().execute(_CATEGORIES)}
        products = synthetic.products(offers=offers, vendors=vendor_count, words=words)
        changed = bulk.load(products=_bulk(products, shops, categories), actor=SYSTEM)
        if changed:
            # Synthetic goods wear the pictures of the demonstration's goods on the same shelf.
            pictures.share(feed="S-", actor=SYSTEM)
            shelves.rebuild(actor=SYSTEM)
    # Synthetic shops tell no story: a job for each of thousands would find nothing to translate.
    outbox.settle_unheard(handlers="marketplace.translating.translate_opened")
    memory.forget_everything()
    # As the demonstration does: the index is built once, with what goods come to at each door.
    landed_costs.reckon_all(actor=SYSTEM)
    return Scaled(len(shops), changed, search.rebuild())


def _open_shops(count: int, words: Any) -> dict[int, tuple[int, int]]:  # noqa: ANN401 - JSON
    """Return vendor id and lead time by number."""
    shops = {}
    with transaction(name="marketplace.demo.scale_shops", actor=SYSTEM):
        for row in synthetic.vendors(count=count, words=words):
            shop = Shop(
                name=row.name,
                name_latin=row.slug,
                slug=row.slug,
                country=row.country,
                city=row.city,
                city_latin=row.city_latin,
                language=row.language,
                currency=row.currency,
                dispatch_postcode=row.postcode,
                lead_time_days=row.lead_time_days,
                legal={
                    "name": row.name,
                    "city": row.city,
                    "country": row.country,
                    "responsible": {
                        "name": f"{row.name} EU",
                        "address": "Am Sandtorkai 30, 20457 Hamburg",
                        "email": f"safety@{row.slug}.example.com",
                    },
                },
                external_ref=f"scale-{row.slug}",
            )
            vendor_id = vendors.open_shop(shop=shop, actor=SYSTEM)
            shops[row.number] = (vendor_id, row.lead_time_days)
    return shops


def _bulk(
    products: Iterator[synthetic.ProductRow],
    shops: dict[int, tuple[int, int]],
    categories: dict[str, int],
) -> Iterator[BulkProduct]:
    today = clock.now().replace(hour=0, minute=0, second=0, microsecond=0)
    for row in products:
        vendor_id, lead = shops[row.vendor]
        yield BulkProduct(
            external_ref=f"S-{row.number}",
            vendor_id=vendor_id,
            category_id=categories[row.category],
            source_locale=row.texts[0][0],
            texts={locale: (title, body) for locale, title, body in row.texts},
            brand=row.brand,
            model=row.model,
            option_key=row.option,
            attributes={key: list(given) for key, given in row.attributes.items()},
            listed_at=today - timedelta(hours=row.number % 8760),
            variants=[_variant(row, v, lead) for v in row.variants],
        )


def _variant(row: synthetic.ProductRow, variant: synthetic.VariantRow, lead: int) -> BulkVariant:
    return BulkVariant(
        key=variant.key,
        sku=variant.sku,
        price_minor=variant.price_minor,
        currency=row.currency,
        stock=variant.stock,
        lead_time_days=lead,
        hs_code=row.hs_code,
        options={row.option: variant.key} if row.option else {},
        origin_country=row.origin_country,
        weight_g=variant.weight_g,
        size_mm=(variant.length_mm, variant.width_mm, variant.height_mm),
    )
