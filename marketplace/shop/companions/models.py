"""Pairs of goods that shoppers put into one cart or one order."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, Integer

from kernel.db import plain_table

product_pair = plain_table(
    __name__,
    "marketplace.product_pair",
    """Goods that were seen together with a product of late, the few most often.

    Units: shoppers who had both in carts or orders of theirs. Shape: each pair stands there both
    ways, where it is among the most frequent of that product.
    """,
    Column("product_id", BigInteger, primary_key=True, autoincrement=False),
    Column("other_id", BigInteger, primary_key=True, autoincrement=False),
    Column("shoppers", Integer, nullable=False),
)

# What rooms above may join.
READABLE = (product_pair,)
