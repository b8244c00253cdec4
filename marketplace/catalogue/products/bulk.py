"""Goods of a feed, thousands at once: merged set by set, and the same again changes nothing.

The same rows as through the commands, without an event for each: the caller brings shelves and
search up to date when all is in.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import text

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.ids import public_ref
from kernel.statements import read_sql

_PRODUCTS = text(read_sql(__file__, "import_products"))
_TEXTS = text(
    """
    INSERT INTO marketplace.product_text (product_id, locale, title, description)
    SELECT * FROM unnest(CAST(:product_ids AS bigint[]), CAST(:locales AS text[]),
        CAST(:titles AS text[]), CAST(:descriptions AS text[]))
    ON CONFLICT (product_id, locale) DO UPDATE
    SET title = excluded.title, description = excluded.description
    WHERE (product_text.title, product_text.description)
        IS DISTINCT FROM (excluded.title, excluded.description)
    RETURNING product_id
    """
)
_VARIANTS = text(read_sql(__file__, "import_variants"))


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedProduct:
    """A product of one vendor. Shape: texts maps locale to (title, description)."""

    external_ref: str
    vendor_id: int
    category_id: int
    source_locale: str
    texts: Mapping[str, Sequence[str]]
    listed_at: datetime
    brand: str = ""
    model: str = ""
    attributes: Mapping[str, Sequence[str | int]] = field(default_factory=dict)
    option_key: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class FeedVariant:
    """A form of a product. Units: grams, millimetres. Shape: position is its place in lists."""

    product_id: int
    key: str
    sku: str
    position: int
    options: Mapping[str, str] = field(default_factory=dict)
    hs_code: str | None = None
    origin_country: str | None = None
    weight_g: int | None = None
    size_mm: Sequence[int] | None = None


@dataclass(frozen=True, slots=True)
class Merged:
    """What became of rows. Shape: ids in their order; changed holds ids of products."""

    ids: Sequence[int]
    changed: frozenset[int]


@command("marketplace.products.import_products")
def import_products(*, products: Sequence[FeedProduct], actor: Actor) -> Merged:
    """Merge products with their texts, each known by what its feed calls it."""
    given = {"rows": _json([_product(product) for product in products]), "now": clock.now()}
    rows = session().execute(_PRODUCTS, given).all()
    by_ref = {row.external_ref: int(row.id) for row in rows}
    ids = [by_ref[product.external_ref] for product in products]
    changed = {int(row.id) for row in rows if row.is_changed}
    return Merged(ids, frozenset(changed | _import_texts(ids, products)))


@command("marketplace.products.import_variants")
def import_variants(*, variants: Sequence[FeedVariant], actor: Actor) -> Merged:
    """Merge the forms of products, each known by its product and its key."""
    rows = session().execute(_VARIANTS, {"rows": _json([_variant(v) for v in variants])}).all()
    by_key = {(row.product_id, row.key): int(row.id) for row in rows}
    return Merged(
        [by_key[variant.product_id, variant.key] for variant in variants],
        frozenset(int(row.product_id) for row in rows if row.is_changed),
    )


def _import_texts(ids: Sequence[int], products: Sequence[FeedProduct]) -> set[int]:
    """Return whose texts are new or other than before."""
    texts = [
        (product_id, locale, title, description)
        for product_id, product in zip(ids, products, strict=True)
        for locale, (title, description) in product.texts.items()
    ]
    columns = [list(column) for column in zip(*texts, strict=True)] or [[], [], [], []]
    names = ("product_ids", "locales", "titles", "descriptions")
    given = dict(zip(names, columns, strict=True))
    return {int(key) for key in session().execute(_TEXTS, given).scalars()}


def _product(product: FeedProduct) -> dict[str, Any]:
    return {
        "external_ref": product.external_ref,
        # Ten signs: among a quarter of a million of eight, two would be equal too often.
        "ref": public_ref("P") + public_ref("P")[-2:],
        "vendor_id": product.vendor_id,
        "category_id": product.category_id,
        "source_locale": product.source_locale,
        "brand": product.brand,
        "model": product.model,
        "attributes": dict(product.attributes),
        "option_key": product.option_key,
        "listed_at": product.listed_at.isoformat(),
    }


def _variant(variant: FeedVariant) -> dict[str, Any]:
    return {
        "product_id": variant.product_id,
        "key": variant.key,
        "sku": variant.sku,
        "options": dict(variant.options),
        "hs_code": variant.hs_code,
        "origin_country": variant.origin_country,
        "weight_g": variant.weight_g,
        "size_mm": list(variant.size_mm) if variant.size_mm else None,
        "position": variant.position,
    }


def _json(rows: Sequence[Mapping[str, Any]]) -> str:
    return json.dumps(rows, ensure_ascii=False)
