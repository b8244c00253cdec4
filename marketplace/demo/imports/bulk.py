"""Many products at once: staged by COPY, merged set by set, the same file twice is once.

The same rows as through the catalogue's commands, without an event for each: the caller brings
shelves and search up to date when all is in.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import Any

from sqlalchemy import text

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import public_ref
from kernel.statements import read_sql
from marketplace.shop.listing_index import service as shelves

BATCH = 5_000
_FEW = 2_000


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkVariant:
    """A form of a product with its offer. Units: grams, millimetres, minor units, days, pieces."""

    key: str
    sku: str
    price_minor: int
    currency: str
    stock: int
    lead_time_days: int = 2
    options: Mapping[str, str] = field(default_factory=dict)
    hs_code: str | None = None
    origin_country: str | None = None
    weight_g: int | None = None
    size_mm: Sequence[int] | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class BulkProduct:
    """A product of one vendor. Shape: texts maps locale to (title, description)."""

    external_ref: str
    vendor_id: int
    category_id: int
    source_locale: str
    texts: Mapping[str, Sequence[str]]
    variants: Sequence[BulkVariant]
    listed_at: datetime
    brand: str = ""
    model: str = ""
    attributes: Mapping[str, Sequence[str | int]] = field(default_factory=dict)
    option_key: str | None = None
    popularity: int = 0


_STAGE = """
CREATE TEMP TABLE IF NOT EXISTS staged_product (
    external_ref text, ref text, vendor_id bigint, category_id bigint, source_locale text,
    brand text, model text, attributes jsonb, option_key text, popularity int,
    listed_at timestamptz, texts jsonb, variants jsonb, product_id bigint
) ON COMMIT DROP;
CREATE TEMP TABLE IF NOT EXISTS changed_product (product_id bigint) ON COMMIT DROP
"""
_COPY = """
COPY staged_product (external_ref, ref, vendor_id, category_id, source_locale, brand, model,
    attributes, option_key, popularity, listed_at, texts, variants) FROM STDIN
"""
_PRODUCTS = text(read_sql(__file__, "products"))
_IDS = text(
    """
    UPDATE staged_product s SET product_id = p.id
    FROM marketplace.product p WHERE p.external_ref = s.external_ref
    """
)
_TEXTS = text(
    """
    WITH put AS (
        INSERT INTO marketplace.product_text (product_id, locale, title, description)
        SELECT s.product_id, t.key, t.value->>0, t.value->>1
        FROM staged_product s, jsonb_each(s.texts) t
        ON CONFLICT (product_id, locale) DO UPDATE
        SET title = excluded.title, description = excluded.description
        WHERE (product_text.title, product_text.description)
            IS DISTINCT FROM (excluded.title, excluded.description)
        RETURNING product_id
    )
    INSERT INTO changed_product SELECT product_id FROM put
    """
)
_VARIANTS = text(read_sql(__file__, "variants"))
_OFFERS = text(read_sql(__file__, "offers"))
_STOCK = text(read_sql(__file__, "stock"))


@command("marketplace.world.load")
def load(*, products: Iterable[BulkProduct], actor: Actor) -> int:
    """Merge products with their texts, variants, offers and stock; return how many changed.

    Small changes refresh their cards and tell search; large ones rebuild the shelves, and the
    caller rebuilds the index. Events: ProductCardsChanged for small changes.
    """
    connection = session().connection().connection.driver_connection
    assert connection is not None, "the session is open"
    connection.execute(_STAGE)
    for batch in _batches(products):
        session().execute(text("TRUNCATE staged_product"))
        with connection.cursor() as cursor, cursor.copy(_COPY) as copy:
            for product in batch:
                copy.write_row(_staged(product))
        _merge()
    changed = list(
        session()
        .execute(text("SELECT DISTINCT product_id FROM changed_product ORDER BY 1"))
        .scalars()
    )
    session().execute(text("DROP TABLE staged_product, changed_product"))
    if len(changed) <= _FEW:
        shelves.refresh(product_ids=changed, actor=actor)
    else:
        _analyse()
        shelves.rebuild(actor=actor)
    return len(changed)


def is_large(changed: int) -> bool:
    """Whether the index must be rebuilt after so many changes; fewer travel as events."""
    return changed > _FEW


def _merge() -> None:
    now = {"now": clock.now()}
    session().execute(_PRODUCTS, now)
    session().execute(_IDS)
    session().execute(text("ANALYZE staged_product"))
    session().execute(_TEXTS)
    session().execute(_VARIANTS)
    session().execute(_OFFERS, now)
    session().execute(_STOCK, now)


def _analyse() -> None:
    # Planned for an empty table, the joins behind the shelves would take minutes.
    for table in ("product", "product_text", "variant", "offer", "stock_level", "category"):
        session().execute(text(f"ANALYZE marketplace.{table}"))


def _batches(products: Iterable[BulkProduct]) -> Iterator[list[BulkProduct]]:
    stream = iter(products)
    while batch := list(islice(stream, BATCH)):
        yield batch


def _staged(product: BulkProduct) -> tuple[Any, ...]:
    # Ten signs: among a quarter of a million references of eight, two would be equal too often.
    ref = public_ref("P") + public_ref("P")[-2:]
    return (
        product.external_ref,
        ref,
        product.vendor_id,
        product.category_id,
        product.source_locale,
        product.brand,
        product.model,
        _json(product.attributes),
        product.option_key,
        product.popularity,
        product.listed_at,
        _json(product.texts),
        _json([_variant(v, place) for place, v in enumerate(product.variants)]),
    )


def _variant(variant: BulkVariant, position: int) -> dict[str, Any]:
    return {
        "key": variant.key,
        "sku": variant.sku,
        "options": dict(variant.options),
        "hs": variant.hs_code,
        "origin": variant.origin_country,
        "weight": variant.weight_g,
        "size": list(variant.size_mm) if variant.size_mm else None,
        "price": variant.price_minor,
        "currency": variant.currency,
        "lead": variant.lead_time_days,
        "stock": variant.stock,
        "position": position,
    }


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=dict)
