"""Categories, attributes, products, texts, variants, pictures."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Text,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, plain_table

_SCHEMA = {"schema": "marketplace"}


class Category(Base):
    """A kind of goods, in a tree.

    Shape: path runs from the root to the category itself; names maps locale to name, synonyms maps
    locale to further words that buyers use.
    """

    __tablename__ = "category"
    __table_args__ = (Index("ix_category_parent_id", "parent_id"), _SCHEMA)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    key: Mapped[str] = mapped_column(unique=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("marketplace.category.id"))
    path: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    names: Mapped[dict[str, str]] = mapped_column(JSONB)
    synonyms: Mapped[dict[str, list[str]]] = mapped_column(JSONB, server_default="{}")
    position: Mapped[int] = mapped_column(server_default="0")


attribute = plain_table(
    __name__,
    "marketplace.attribute",
    "A property that goods of many shops share, such as colour.",
    Column("key", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("unit", Text),
    Column("names", JSONB, nullable=False),
    Column("position", Integer, server_default="0", nullable=False),
    CheckConstraint("kind IN ('choice', 'number')", name="kind_known"),
)

attribute_value = plain_table(
    __name__,
    "marketplace.attribute_value",
    "One choice of an attribute. Shape: family groups colours for the facet.",
    Column("attribute_key", ForeignKey("marketplace.attribute.key"), primary_key=True),
    Column("key", Text, primary_key=True),
    Column("names", JSONB, nullable=False),
    Column("hex", Text),
    Column("family", Text),
    Column("position", Integer, server_default="0", nullable=False),
)


class Product(Base):
    """A thing that may be sold; several vendors may offer its variants.

    Shape: attributes maps attribute key to a list of
    value keys or whole numbers; vendor_id is the shop that wrote the listing and may change it;
    brand_latin is how the brand reads in Latin letters, empty where it needs no reading; warnings
    maps locale to what buyers must know to use it safely; responsible holds name, address and email
    of who answers for its safety in the European Union, empty for nobody named; a removed product
    was taken down by the house.
    """

    __tablename__ = "product"
    __table_args__ = (
        CheckConstraint(
            "status IN ('draft', 'listed', 'withdrawn', 'removed')", name="status_known"
        ),
        Index("ix_product_vendor_id", "vendor_id"),
        Index("ix_product_category_id", "category_id"),
        Index("ix_product_brand_latin", "brand", postgresql_where=text("brand_latin <> ''")),
        Index(
            "ix_product_featured_rank",
            "featured_rank",
            postgresql_where=text("featured_rank IS NOT NULL"),
        ),
        _SCHEMA,
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    external_ref: Mapped[str | None] = mapped_column(unique=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("marketplace.vendor.id"))
    category_id: Mapped[int] = mapped_column(ForeignKey("marketplace.category.id"))
    source_locale: Mapped[str]
    brand: Mapped[str]
    brand_latin: Mapped[str] = mapped_column(server_default="")
    model: Mapped[str]
    attributes: Mapped[dict[str, list[Any]]] = mapped_column(JSONB)
    warnings: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    responsible: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    option_key: Mapped[str | None]
    featured_rank: Mapped[int | None]
    # Read by nothing any more: what is sold stands on the card, counted from orders. The version
    # before this one still writes it.
    popularity: Mapped[int] = mapped_column(server_default="0")
    status: Mapped[str]
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
    listed_at: Mapped[datetime]
    changed_at: Mapped[datetime]


class ProductText(Base):
    """What a product is called and how it is described, in one language."""

    __tablename__ = "product_text"
    __table_args__ = _SCHEMA

    product_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("marketplace.product.id"), primary_key=True
    )
    locale: Mapped[str] = mapped_column(primary_key=True)
    title: Mapped[str]
    description: Mapped[str]


class Variant(Base):
    """One form of a product, with what carriers and customs must know.

    Units: weight_g in grams packed, size_mm length, width, height of the packed piece. Shape:
    options maps attribute key to value key; hs_code is HS 2022, six digits or more; hazards are
    what carriers must know, empty for harmless goods, None until its shop says; hex is the vendor's
    own shade as `#rrggbb` where the colour's common one would not do.
    """

    __tablename__ = "variant"
    __table_args__ = (
        CheckConstraint("hs_code IS NULL OR hs_code ~ '^[0-9]{6,12}$'", name="hs_code_digits"),
        CheckConstraint("weight_g IS NULL OR weight_g > 0", name="weight_g_positive"),
        CheckConstraint(
            "hazards <@ ARRAY['ion_contained', 'ion_packed', 'ion_alone', 'metal_contained',"
            " 'metal_packed', 'metal_alone', 'dangerous']",
            name="hazards_known",
        ),
        CheckConstraint("hex IS NULL OR hex ~ '^#[0-9A-Fa-f]{6}$'", name="hex_is_a_colour"),
        Index("uq_variant_product_key", "product_id", "key", unique=True),
        _SCHEMA,
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("marketplace.product.id"))
    key: Mapped[str]
    sku: Mapped[str]
    options: Mapped[dict[str, str]] = mapped_column(JSONB)
    hs_code: Mapped[str | None]
    origin_country: Mapped[str | None]
    weight_g: Mapped[int | None]
    size_mm: Mapped[list[int] | None] = mapped_column(ARRAY(Integer))
    hazards: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    hex: Mapped[str | None]
    position: Mapped[int] = mapped_column(server_default="0")


class ListingRevision(Base):
    """One change of a listing by its shop; never changed itself.

    Shape: before and after map what changed to its value, as plain JSON; actor is how the trail of
    commands names who did it.
    """

    __tablename__ = "listing_revision"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('words', 'shelf', 'customs', 'versions', 'pictures', 'safety')",
            name="kind_known",
        ),
        CheckConstraint("before <> after", name="something_changed"),
        Index("ix_listing_revision_product_id", "product_id", "id"),
        {"schema": "marketplace"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("marketplace.product.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("marketplace.vendor.id"))
    kind: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    actor: Mapped[str]


class ListingDraft(Base):
    """A form that somebody of a shop has not sent yet.

    Shape: ref is a product's reference, or one of its own for goods that are not listed; fields
    maps a field's name to what was typed in it, in the order of the form; version counts savings.
    """

    __tablename__ = "listing_draft"
    __table_args__ = (
        CheckConstraint("version > 0", name="version_positive"),
        Index("ix_listing_draft_vendor_id_saved_at", "vendor_id", "saved_at"),
        {"schema": "marketplace"},
    )

    vendor_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("marketplace.vendor.id"), primary_key=True
    )
    ref: Mapped[str] = mapped_column(primary_key=True)
    fields: Mapped[dict[str, Any]] = mapped_column(JSONB)
    version: Mapped[int] = mapped_column(BigInteger)
    saved_at: Mapped[datetime]
    saved_by: Mapped[UUID | None]


# What rooms above may join.
READABLE = (Category, attribute_value, Product, ProductText, Variant)
