"""Lists of what people would like to have."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class WishList(Base):
    """A list of a person's.

    Shape: name is empty for the first one, until its owner gives it another name than the page's;
    whoever has share_token reads the list, and of its owner shown_name alone, which may be empty.
    """

    __tablename__ = "wish_list"
    __table_args__ = (
        Index("uq_wish_list_name", "person_id", "name", unique=True),
        Index("uq_wish_list_share_token", "share_token", unique=True),
        {"schema": "marketplace"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[UUID]
    name: Mapped[str]
    made_at: Mapped[datetime]
    share_token: Mapped[str | None]
    shown_name: Mapped[str] = mapped_column(server_default="")


class Wish(Base):
    """Goods on a list, with what they cost at the door when they were put there.

    Units: seen_minor in minor units of seen_currency. Shape: the three of `seen` are empty where no
    price was known; seen_country is where the door was. told_at is when its owner was told that the
    price fell, out_since since when no shop has a piece, as far as was noticed.
    """

    __tablename__ = "wish"
    __table_args__ = (
        Index("uq_wish_once", "list_id", "product_id", unique=True),
        Index("ix_wish_product_id", "product_id"),
        CheckConstraint(
            "num_nulls(seen_minor, seen_currency, seen_country) IN (0, 3)", name="seen_is_whole"
        ),
        {"schema": "marketplace"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    list_id: Mapped[int] = mapped_column(ForeignKey("marketplace.wish_list.id", ondelete="CASCADE"))
    product_id: Mapped[int] = mapped_column(ForeignKey("marketplace.product.id"))
    added_at: Mapped[datetime]
    seen_minor: Mapped[int | None] = mapped_column(BigInteger)
    seen_currency: Mapped[str | None]
    seen_country: Mapped[str | None]
    told_at: Mapped[datetime | None]
    out_since: Mapped[datetime | None]
