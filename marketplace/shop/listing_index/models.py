"""Cards, their places on the shelves, and how many goods a shelf holds.

Everything here can be rebuilt from the rooms below; nothing else is ever decided by it.
"""

from __future__ import annotations

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Index, Integer, Text, desc, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kernel.db import plain_table

EVERYTHING = 0

product_card = plain_table(
    __name__,
    "marketplace.product_card",
    """What a listing shows of a product: one row, no joins. Only buyable-by-name goods have one.

    Units: price_minor in currency, price_eur_minor in cents for sorting (None without a rate).
    Shape: offer_id is the featured offer: in stock first, then cheapest, then quickest; own_prices
    maps currency to minor units; picture holds path, width, height, sizes, and path and
    sizes of a second view if there is one; colour is that of the featured form, for a drawing where
    there is no picture; category_ids from the root down; rank sorts shelves: in stock, with a
    picture, most bought; sends_to is what the featured seller chose; away are the countries that
    no offer of the product reaches; translated maps the languages that no title is written in to
    what a machine says there; rating_total is the sum of the stars of rating_count reviews.
    """,
    Column("product_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("ref", Text, nullable=False),
    Column("external_ref", Text),
    Column("vendor_id", BigInteger, nullable=False),
    Column("vendor_name", Text, nullable=False),
    Column("vendor_latin", Text, nullable=False),
    Column("vendor_slug", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("offer_id", BigInteger, nullable=False),
    Column("variant_id", BigInteger, nullable=False),
    Column("price_minor", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("own_prices", JSONB, nullable=False),
    Column("price_eur_minor", BigInteger),
    Column("lead_time_days", Integer, nullable=False),
    Column("hs_code", Text),
    Column("origin_country", Text),
    Column("weight_g", Integer),
    Column("hazards", ARRAY(Text), server_default="{}", nullable=False),
    Column("variants", Integer, nullable=False),
    Column("offers", Integer, nullable=False),
    Column("titles", JSONB, nullable=False),
    Column("translated", JSONB, server_default="{}", nullable=False),
    Column("source_locale", Text, nullable=False),
    Column("picture", JSONB),
    Column("colour", Text),
    Column("category_ids", ARRAY(BigInteger), nullable=False),
    Column("in_stock", Boolean, nullable=False),
    Column("popularity", Integer, nullable=False),
    Column("featured_rank", Integer, nullable=False),
    Column("rank", BigInteger, nullable=False),
    Column("listed_at", DateTime(timezone=True), nullable=False),
    Column("sends_to", ARRAY(Text)),
    Column("away", ARRAY(Text), server_default="{}", nullable=False),
    Column("rating_count", Integer, server_default="0", nullable=False),
    Column("rating_total", BigInteger, server_default="0", nullable=False),
    Index("ix_product_card_vendor_rank", "vendor_id", desc("rank"), desc("product_id")),
    Index("ix_product_card_external_ref", "external_ref"),
    Index("ix_product_card_featured", "featured_rank", postgresql_where=text("featured_rank > 0")),
    fillfactor=80,
)

card_dues = plain_table(
    __name__,
    "marketplace.card_dues",
    """What borders add to a card's goods, reckoned ahead so that a listing need not.

    Shape: version is the card's; book names the day, rates and rows; dues maps a country to a line
    in its own currency, shown to what a card shows there, in minor units of that currency; stamp is
    newer than any version of a card was when shown last became other. A row that does not fit its
    card is not read, and replaced some time later.
    """,
    Column("product_id", BigInteger, primary_key=True, autoincrement=False),
    Column("version", BigInteger, nullable=False),
    Column("book", Text, nullable=False),
    Column("dues", JSONB, nullable=False),
    Column("shown", JSONB, server_default="{}", nullable=False),
    Column("stamp", BigInteger, server_default="0", nullable=False),
    fillfactor=50,
)

shelf_place = plain_table(
    __name__,
    "marketplace.shelf_place",
    """A card stands on its category's shelf and on every shelf above, and on shelf 0, everything.

    Units: standing by its reviews in millionths of a star, 0 without any.

    One index per order of the page: a page costs the same on a shelf of ten and of a million.
    """,
    Column("category_id", BigInteger, primary_key=True, autoincrement=False),
    Column("product_id", BigInteger, primary_key=True, autoincrement=False),
    Column("rank", BigInteger, nullable=False),
    Column("price_eur_minor", BigInteger, nullable=False),
    Column("listed_at", DateTime(timezone=True), nullable=False),
    Column("standing", BigInteger, server_default="0", nullable=False),
    Column("away", ARRAY(Text), server_default="{}", nullable=False),
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
)

shelf_count = plain_table(
    __name__,
    "marketplace.shelf_count",
    "How many goods stand on a shelf, and how many of them do not go where: no page counts.",
    Column("category_id", BigInteger, primary_key=True, autoincrement=False),
    Column("goods", Integer, nullable=False),
    Column("away", JSONB, server_default="{}", nullable=False),
)

price_drop = plain_table(
    __name__,
    "marketplace.price_drop",
    """A card's price that was reduced, in a currency that its vendor typed.

    Units: lowest_minor in currency, of the thirty days before the reduction.
    Shape: for a month from reduced_at it may be shown; older rows are read by nothing.
    """,
    Column("product_id", BigInteger, primary_key=True, autoincrement=False),
    Column("currency", Text, primary_key=True),
    Column("lowest_minor", BigInteger, nullable=False),
    Column("reduced_at", DateTime(timezone=True), nullable=False),
    Index("ix_price_drop_reduced", "currency", desc("reduced_at"), desc("product_id")),
)


# What rooms above may join.
READABLE = (product_card, shelf_place)
