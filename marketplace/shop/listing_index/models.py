"""Cards, their places on the shelves, and how many goods a shelf holds.

Everything here can be rebuilt from the rooms below; nothing else is ever decided by it.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import BigInteger, Index, Text, desc, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base

EVERYTHING = 0


class ProductCard(Base):
    """What a listing shows of a product: one row, no joins. Only buyable-by-name goods have one.

    Units: price_minor in currency, price_eur_minor in cents for sorting (None without a rate).
    Shape: offer_id is the featured offer: in stock first, then cheapest, then quickest; own_prices
    maps currency to minor units; picture holds path, width, height, sizes, and path and
    sizes of a second view if there is one; colour is that of the featured form, for a drawing where
    there is no picture; category_ids from the root down; rank sorts shelves: in stock, with a
    picture, most bought; sends_to is what the featured seller chose; away are the countries that
    no offer of the product reaches; rating_total is the sum of the stars of rating_count reviews.
    """

    __tablename__ = "product_card"
    __table_args__ = (
        Index("ix_product_card_vendor_rank", "vendor_id", desc("rank"), desc("product_id")),
        Index("ix_product_card_external_ref", "external_ref"),
        Index(
            "ix_product_card_featured", "featured_rank", postgresql_where=text("featured_rank > 0")
        ),
        {"schema": "marketplace", "postgresql_with": {"fillfactor": 80}},
    )

    product_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BigInteger)
    ref: Mapped[str]
    external_ref: Mapped[str | None]
    vendor_id: Mapped[int] = mapped_column(BigInteger)
    vendor_name: Mapped[str]
    vendor_latin: Mapped[str]
    vendor_slug: Mapped[str]
    country: Mapped[str]
    offer_id: Mapped[int] = mapped_column(BigInteger)
    variant_id: Mapped[int] = mapped_column(BigInteger)
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    own_prices: Mapped[dict[str, int]] = mapped_column(JSONB)
    price_eur_minor: Mapped[int | None] = mapped_column(BigInteger)
    lead_time_days: Mapped[int]
    hs_code: Mapped[str | None]
    origin_country: Mapped[str | None]
    weight_g: Mapped[int | None]
    hazards: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    variants: Mapped[int]
    offers: Mapped[int]
    titles: Mapped[dict[str, str]] = mapped_column(JSONB)
    source_locale: Mapped[str]
    picture: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    colour: Mapped[str | None]
    category_ids: Mapped[list[int]] = mapped_column(ARRAY(BigInteger))
    in_stock: Mapped[bool]
    popularity: Mapped[int]
    featured_rank: Mapped[int]
    rank: Mapped[int] = mapped_column(BigInteger)
    listed_at: Mapped[datetime]
    sends_to: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    away: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    rating_count: Mapped[int] = mapped_column(server_default="0")
    rating_total: Mapped[int] = mapped_column(BigInteger, server_default="0")


class CardDues(Base):
    """What borders add to a card's goods, reckoned ahead so that a listing need not.

    Shape: version is the card's; book names the day, rates and rows; dues maps a country to a line
    in its own currency. A row that does not fit its card is not read, and replaced some time later.
    """

    __tablename__ = "card_dues"
    __table_args__ = {"schema": "marketplace", "postgresql_with": {"fillfactor": 50}}

    product_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    version: Mapped[int] = mapped_column(BigInteger)
    book: Mapped[str]
    dues: Mapped[dict[str, str]] = mapped_column(JSONB)


class ShelfPlace(Base):
    """A card stands on its category's shelf and on every shelf above, and on shelf 0, everything.

    Units: standing by its reviews in millionths of a star, 0 without any.

    One index per order of the page: a page costs the same on a shelf of ten and of a million.
    """

    __tablename__ = "shelf_place"
    __table_args__ = (
        Index("ix_shelf_place_rank", "category_id", desc("rank"), desc("product_id")),
        Index("ix_shelf_place_price", "category_id", "price_eur_minor", "product_id"),
        Index("ix_shelf_place_listed", "category_id", desc("listed_at"), desc("product_id")),
        Index("ix_shelf_place_standing", "category_id", desc("standing"), desc("product_id")),
        Index("ix_shelf_place_product_id", "product_id"),
        Index(
            "ix_shelf_place_away",
            "category_id",
            postgresql_include=["away"],
            postgresql_where=text("away <> '{}'"),
        ),
        {"schema": "marketplace"},
    )

    category_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    product_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    rank: Mapped[int] = mapped_column(BigInteger)
    price_eur_minor: Mapped[int] = mapped_column(BigInteger)
    listed_at: Mapped[datetime]
    standing: Mapped[int] = mapped_column(BigInteger, server_default="0")
    away: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")


class ShelfCount(Base):
    """How many goods stand on a shelf, and how many of them do not go where: no page counts."""

    __tablename__ = "shelf_count"
    __table_args__ = {"schema": "marketplace"}

    category_id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    goods: Mapped[int]
    away: Mapped[dict[str, int]] = mapped_column(JSONB, server_default="{}")


# What rooms above may join.
READABLE = (ProductCard, ShelfPlace)
