"""Many products at once, merged room by room in large batches; the same file twice is once.

Each room of the catalogue writes its own tables, in one statement for each and without an event for
each row: the caller brings search up to date when all is in.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice

from sqlalchemy import text

from kernel.actor import Actor
from kernel.db import command, session
from kernel.money import Money
from marketplace.catalogue.inventory import bulk as stock
from marketplace.catalogue.offers import bulk as offers
from marketplace.catalogue.offers.bulk import FeedOffer
from marketplace.catalogue.products import bulk as catalogue
from marketplace.catalogue.products.bulk import FeedProduct, FeedVariant
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


@command("marketplace.world.load")
def load(*, products: Iterable[BulkProduct], actor: Actor) -> int:
    """Merge products with their texts, variants, offers and stock; return how many changed.

    Small changes refresh their cards and tell search; large ones rebuild the shelves, and the
    caller rebuilds the index. Events: ProductCardsChanged for small changes.
    """
    changed: set[int] = set()
    for batch in _batches(products):
        changed |= _merge(batch, actor)
    if len(changed) <= _FEW:
        shelves.refresh(product_ids=sorted(changed), actor=actor)
    else:
        _analyse()
        shelves.rebuild(actor=actor)
    return len(changed)


def is_large(changed: int) -> bool:
    """Whether the index must be rebuilt after so many changes; fewer travel as events."""
    return changed > _FEW


def _merge(batch: Sequence[BulkProduct], actor: Actor) -> set[int]:
    """Hand a batch to its rooms, goods first; return the products that are new or other."""
    goods = catalogue.import_products(products=[_product(one) for one in batch], actor=actor)
    pairs = [
        (product_id, product, variant, position)
        for product_id, product in zip(goods.ids, batch, strict=True)
        for position, variant in enumerate(product.variants)
    ]
    forms = catalogue.import_variants(
        variants=[_variant(product_id, v, position) for product_id, _, v, position in pairs],
        actor=actor,
    )
    sold = offers.import_offers(
        offers=[
            _offer(product.vendor_id, variant_id, variant)
            for variant_id, (_, product, variant, _) in zip(forms.ids, pairs, strict=True)
        ],
        actor=actor,
    )
    counted = stock.count_many(
        counted={
            offer_id: variant.stock
            for offer_id, (_, _, variant, _) in zip(sold.ids, pairs, strict=True)
        },
        subject="import",
        actor=actor,
    )
    product_of = {
        offer_id: product_id for offer_id, (product_id, *_) in zip(sold.ids, pairs, strict=True)
    }
    touched = sold.changed | counted
    return {*goods.changed, *forms.changed, *(product_of[offer_id] for offer_id in touched)}


def _analyse() -> None:
    # Planned for an empty table, the joins behind the shelves would take minutes.
    for table in ("product", "product_text", "variant", "offer", "stock_level", "category"):
        session().execute(text(f"ANALYZE marketplace.{table}"))


def _batches(products: Iterable[BulkProduct]) -> Iterator[list[BulkProduct]]:
    stream = iter(products)
    while batch := list(islice(stream, BATCH)):
        yield batch


def _product(product: BulkProduct) -> FeedProduct:
    return FeedProduct(
        external_ref=product.external_ref,
        vendor_id=product.vendor_id,
        category_id=product.category_id,
        source_locale=product.source_locale,
        texts=product.texts,
        listed_at=product.listed_at,
        brand=product.brand,
        model=product.model,
        attributes=product.attributes,
        option_key=product.option_key,
    )


def _variant(product_id: int, variant: BulkVariant, position: int) -> FeedVariant:
    return FeedVariant(
        product_id=product_id,
        key=variant.key,
        sku=variant.sku,
        position=position,
        options=variant.options,
        hs_code=variant.hs_code,
        origin_country=variant.origin_country,
        weight_g=variant.weight_g,
        size_mm=variant.size_mm,
    )


def _offer(vendor_id: int, variant_id: int, variant: BulkVariant) -> FeedOffer:
    return FeedOffer(
        vendor_id=vendor_id,
        variant_id=variant_id,
        price=Money(variant.price_minor, variant.currency),
        lead_time_days=variant.lead_time_days,
    )
