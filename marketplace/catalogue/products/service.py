"""Commands of the catalogue: list a product, change what it says, withdraw it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import select, text, update
from sqlalchemy.dialects.postgresql import insert

from kernel import clock
from kernel.actor import Actor
from kernel.db import command, session
from kernel.events import publish
from kernel.ids import public_ref
from marketplace.catalogue.products.errors import NoSuchCategory, NoSuchProduct
from marketplace.catalogue.products.events import ProductChanged
from marketplace.catalogue.products.models import Category, Product, ProductText, Variant

_TOUCH = text(
    """
    UPDATE marketplace.product SET version = version + 1, changed_at = :now
    WHERE id = :id RETURNING version
    """
)

_PUT_CATEGORIES = text(
    """
    INSERT INTO marketplace.category (key, path, names, synonyms, position)
    SELECT key, '{}', CAST(names AS jsonb), CAST(synonyms AS jsonb), position
    FROM unnest(CAST(:keys AS text[]), CAST(:names AS text[]), CAST(:synonyms AS text[]),
        CAST(:positions AS int[])) AS c (key, names, synonyms, position)
    ON CONFLICT (key) DO UPDATE
    SET names = excluded.names, synonyms = excluded.synonyms, position = excluded.position
    """
)
_HANG = text(
    """
    UPDATE marketplace.category c SET parent_id = p.id
    FROM unnest(CAST(:keys AS text[]), CAST(:parents AS text[])) AS u (key, parent)
    LEFT JOIN marketplace.category p ON p.key = u.parent
    WHERE c.key = u.key AND c.parent_id IS DISTINCT FROM p.id
    """
)
_PATHS = text(
    """
    WITH RECURSIVE tree AS (
        SELECT id, ARRAY[id] AS path FROM marketplace.category WHERE parent_id IS NULL
        UNION ALL
        SELECT c.id, t.path || c.id FROM marketplace.category c JOIN tree t ON c.parent_id = t.id
    )
    UPDATE marketplace.category c SET path = tree.path FROM tree
    WHERE tree.id = c.id AND c.path IS DISTINCT FROM tree.path
    """
)
_PUT_ATTRIBUTES = text(
    """
    INSERT INTO marketplace.attribute (key, kind, unit, names, position)
    SELECT key, kind, unit, CAST(names AS jsonb), position
    FROM unnest(CAST(:keys AS text[]), CAST(:kinds AS text[]), CAST(:units AS text[]),
        CAST(:names AS text[]), CAST(:positions AS int[])) AS a (key, kind, unit, names, position)
    ON CONFLICT (key) DO UPDATE SET names = attribute.names || excluded.names
    """
)
_PUT_VALUES = text(
    """
    INSERT INTO marketplace.attribute_value (attribute_key, key, names, hex, family, position)
    SELECT attribute_key, key, CAST(names AS jsonb), hex, family, position
    FROM unnest(CAST(:attributes AS text[]), CAST(:keys AS text[]), CAST(:names AS text[]),
        CAST(:hexes AS text[]), CAST(:families AS text[]), CAST(:positions AS int[]))
        AS v (attribute_key, key, names, hex, family, position)
    ON CONFLICT (attribute_key, key) DO UPDATE SET
        names = excluded.names || attribute_value.names,
        hex = coalesce(attribute_value.hex, excluded.hex),
        family = coalesce(attribute_value.family, excluded.family)
    """
)


@dataclass(frozen=True, kw_only=True)
class NewCategory:
    """A kind of goods. Shape: names by locale, synonyms by locale as lists."""

    key: str
    parent_key: str | None
    names: Mapping[str, str]
    synonyms: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(frozen=True, kw_only=True)
class NewChoice:
    """A value of an attribute."""

    key: str
    names: Mapping[str, str]
    hex: str | None = None
    family: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewAttribute:
    """A property of goods. Shape: kind is choice or number."""

    key: str
    kind: str
    names: Mapping[str, str]
    unit: str | None = None
    choices: Sequence[NewChoice] = ()


@dataclass(frozen=True, kw_only=True)
class NewVariant:
    """One form of a new product. Units: grams, millimetres. Shape: as in the table."""

    key: str
    sku: str
    options: Mapping[str, str] = field(default_factory=dict)
    hs_code: str | None = None
    origin_country: str | None = None
    weight_g: int | None = None
    size_mm: tuple[int, int, int] | None = None
    hazards: Sequence[str] | None = None
    hex: str | None = None


@dataclass(frozen=True, kw_only=True)
class NewProduct:
    """What a listing says. Shape: texts maps locale to (title, description)."""

    vendor_id: int
    category_key: str
    source_locale: str
    texts: Mapping[str, tuple[str, str]]
    variants: Sequence[NewVariant]
    brand: str = ""
    brand_latin: str = ""
    model: str = ""
    attributes: Mapping[str, Sequence[str | int]] = field(default_factory=dict)
    option_key: str | None = None
    featured_rank: int | None = None
    external_ref: str | None = None
    listed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A new product. Shape: variant_ids maps variant key to id."""

    product_id: int
    ref: str
    variant_ids: Mapping[str, int]


@command("marketplace.products.put_categories")
def put_categories(*, categories: Sequence[NewCategory], actor: Actor) -> None:
    """Put up or rename categories by key; a parent that does not exist makes a root."""
    keys = [c.key for c in categories]
    session().execute(
        _PUT_CATEGORIES,
        {
            "keys": keys,
            "names": [_json(c.names) for c in categories],
            "synonyms": [_json(c.synonyms) for c in categories],
            "positions": list(range(len(keys))),
        },
    )
    session().execute(_HANG, {"keys": keys, "parents": [c.parent_key for c in categories]})
    session().execute(_PATHS)


@command("marketplace.products.put_attributes")
def put_attributes(*, attributes: Sequence[NewAttribute], actor: Actor) -> None:
    """Put up attributes and their values by key; names that are there already stay."""
    session().execute(
        _PUT_ATTRIBUTES,
        {
            "keys": [a.key for a in attributes],
            "kinds": [a.kind for a in attributes],
            "units": [a.unit for a in attributes],
            "names": [_json(a.names) for a in attributes],
            "positions": list(range(len(attributes))),
        },
    )
    choices = [(a.key, place, c) for a in attributes for place, c in enumerate(a.choices)]
    session().execute(
        _PUT_VALUES,
        {
            "attributes": [key for key, _, _ in choices],
            "keys": [c.key for _, _, c in choices],
            "names": [_json(c.names) for _, _, c in choices],
            "hexes": [c.hex for _, _, c in choices],
            "families": [c.family for _, _, c in choices],
            "positions": [place for _, place, _ in choices],
        },
    )


@command("marketplace.products.list_product")
def list_product(*, product: NewProduct, actor: Actor) -> Listed:
    """List a product with its texts and variants; offers come separately.

    Events: ProductChanged. Raises: NoSuchCategory.
    """
    assert product.source_locale in product.texts, "the listing speaks its own language"
    now = clock.now()
    row = (
        session()
        .execute(
            insert(Product)
            .values(
                ref=public_ref("P"),
                external_ref=product.external_ref,
                vendor_id=product.vendor_id,
                category_id=_category_id(product.category_key),
                source_locale=product.source_locale,
                brand=product.brand,
                brand_latin=product.brand_latin,
                model=product.model,
                option_key=product.option_key,
                attributes={k: list(v) for k, v in product.attributes.items()},
                featured_rank=product.featured_rank,
                status="listed",
                listed_at=product.listed_at or now,
                changed_at=now,
            )
            .returning(Product.id, Product.ref)
        )
        .one()
    )
    _store_texts(row.id, product.texts)
    variant_ids = _store_variants(row.id, product.variants)
    publish(ProductChanged(product_id=row.id, version=1))
    return Listed(row.id, row.ref, variant_ids)


@command("marketplace.products.change_texts")
def change_texts(
    *, product_id: int, vendor_id: int, texts: Mapping[str, tuple[str, str]], actor: Actor
) -> None:
    """Write title and description in the given languages; other languages stay.

    Locks: the product. Events: ProductChanged. Raises: NoSuchProduct.
    """
    lock_own(product_id=product_id, vendor_id=vendor_id)
    _store_texts(product_id, texts)
    _touched(product_id)


@command("marketplace.products.change_facts")
def change_facts(
    *,
    product_id: int,
    vendor_id: int,
    hs_code: str | None,
    origin_country: str | None,
    size_mm: tuple[int, int, int] | None,
    hazards: Sequence[str] | None,
    actor: Actor,
) -> None:
    """Change what customs and carriers read of every variant alike.

    Units: size_mm packed millimetres. Locks: the product. Events: ProductChanged.
    Raises: NoSuchProduct.
    """
    lock_own(product_id=product_id, vendor_id=vendor_id)
    session().execute(
        update(Variant)
        .where(Variant.product_id == product_id)
        .values(
            hs_code=hs_code,
            origin_country=origin_country,
            size_mm=list(size_mm) if size_mm else None,
            hazards=None if hazards is None else list(hazards),
        )
    )
    _touched(product_id)


@command("marketplace.products.change_shelf")
def change_shelf(
    *,
    product_id: int,
    vendor_id: int,
    category_key: str,
    brand: str,
    brand_latin: str,
    attributes: Mapping[str, Sequence[str | int]],
    actor: Actor,
) -> None:
    """Hang goods on another shelf and say their brand and all of their properties anew.

    Locks: the product. Events: ProductChanged. Raises: NoSuchProduct, NoSuchCategory.
    """
    lock_own(product_id=product_id, vendor_id=vendor_id)
    session().execute(
        update(Product)
        .where(Product.id == product_id)
        .values(
            category_id=_category_id(category_key),
            brand=brand,
            brand_latin=brand_latin,
            attributes={key: list(values) for key, values in attributes.items()},
        )
    )
    _touched(product_id)


@command("marketplace.products.change_safety")
def change_safety(
    *,
    product_id: int,
    vendor_id: int,
    warnings: Mapping[str, str],
    responsible: Mapping[str, str],
    actor: Actor,
) -> None:
    """Say anew how goods are used safely, and who answers for that in the European Union.

    Shape: as in the table. Locks: the product. Events: ProductChanged. Raises: NoSuchProduct.
    """
    lock_own(product_id=product_id, vendor_id=vendor_id)
    values = {"warnings": dict(warnings), "responsible": dict(responsible)}
    session().execute(update(Product).where(Product.id == product_id).values(**values))
    _touched(product_id)


@command("marketplace.products.change_status")
def change_status(*, product_id: int, vendor_id: int, status: str, actor: Actor) -> None:
    """List or withdraw a product. Locks: the product. Events: ProductChanged.

    Raises: NoSuchProduct.
    """
    lock_own(product_id=product_id, vendor_id=vendor_id)
    session().execute(
        update(Product)
        .where(Product.id == product_id, Product.status != "removed")
        .values(status=status)
    )
    _touched(product_id)


@command("marketplace.products.take_down")
def take_down(*, product_id: int, actor: Actor) -> None:
    """Take a product off the shelves by the house's decision; its shop cannot put it back.

    Events: ProductChanged. Raises: NoSuchProduct.
    """
    session().execute(update(Product).where(Product.id == product_id).values(status="removed"))
    _touched(product_id)


@command("marketplace.products.put_back")
def put_back(*, product_id: int, actor: Actor) -> None:
    """Put a product back that was taken down. Events: ProductChanged. Raises: NoSuchProduct."""
    session().execute(
        update(Product)
        .where(Product.id == product_id, Product.status == "removed")
        .values(status="listed")
    )
    _touched(product_id)


@command("marketplace.products.touch")
def touch(*, product_id: int, actor: Actor) -> None:
    """Tell everybody to look at a product again. Events: ProductChanged. Raises: NoSuchProduct."""
    _touched(product_id)


def lock(*, product_id: int) -> int:
    """Hold a product until the command ends; return the shop that wrote its listing."""
    query = select(Product.vendor_id).where(Product.id == product_id).with_for_update()
    return session().execute(query).scalar_one()


def lock_own(*, product_id: int, vendor_id: int) -> None:
    """Hold a shop's own product until the command ends. Raises: NoSuchProduct."""
    own_id = (
        session()
        .execute(
            select(Product.id)
            .where(Product.id == product_id, Product.vendor_id == vendor_id)
            .with_for_update()
        )
        .scalar_one_or_none()
    )
    if own_id is None:
        raise NoSuchProduct


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _category_id(key: str) -> int:
    category_id = (
        session().execute(select(Category.id).where(Category.key == key)).scalar_one_or_none()
    )
    if category_id is None:
        raise NoSuchCategory
    return category_id


def _store_texts(product_id: int, texts: Mapping[str, tuple[str, str]]) -> None:
    rows = [
        {"product_id": product_id, "locale": locale, "title": title, "description": body}
        for locale, (title, body) in texts.items()
    ]
    statement = insert(ProductText)
    session().execute(
        statement.on_conflict_do_update(
            index_elements=["product_id", "locale"],
            set_={"title": statement.excluded.title, "description": statement.excluded.description},
        ),
        rows,
    )


def _store_variants(product_id: int, variants: Sequence[NewVariant]) -> dict[str, int]:
    assert variants, "a product has at least one form"
    ids: dict[str, int] = {}
    for position, variant in enumerate(variants):
        ids[variant.key] = (
            session()
            .execute(
                insert(Variant)
                .values(
                    product_id=product_id,
                    key=variant.key,
                    sku=variant.sku,
                    position=position,
                    options=dict(variant.options),
                    hs_code=variant.hs_code,
                    origin_country=variant.origin_country,
                    weight_g=variant.weight_g,
                    size_mm=list(variant.size_mm) if variant.size_mm else None,
                    hex=variant.hex,
                    hazards=None if variant.hazards is None else list(variant.hazards),
                )
                .returning(Variant.id)
            )
            .scalar_one()
        )
    return ids


def _touched(product_id: int) -> None:
    touched = session().execute(_TOUCH, {"id": product_id, "now": clock.now()})
    version: Any = touched.scalar_one_or_none()
    if version is None:
        raise NoSuchProduct
    publish(ProductChanged(product_id=product_id, version=version))
