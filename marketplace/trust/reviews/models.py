"""Reviews, and the seller's answers."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, desc
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base

_SHOWN = sql("state = 'shown'")


class Review(Base):
    """What a buyer says of one bought line; one line has at most one.

    Units: stars, 1 to 5; photographs. Shape: locale is the language of the page it was written on;
    author_id is empty once its author let go of it; a withdrawn one keeps no words; translated maps
    languages to title and words as a translator says them there, and is empty once they change.
    """

    __tablename__ = "review"
    __table_args__ = (
        CheckConstraint("stars BETWEEN 1 AND 5", name="stars_known"),
        CheckConstraint("state IN ('shown', 'withdrawn', 'removed')", name="state_known"),
        CheckConstraint(
            "length(words) BETWEEN 20 AND 3000 OR (state = 'withdrawn' AND words = '')",
            name="words_long_enough",
        ),
        CheckConstraint("length(title) <= 120", name="title_short"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_code"),
        CheckConstraint("photo_count >= 0", name="photo_count_not_negative"),
        CheckConstraint("author_id IS NOT NULL OR author_name = ''", name="let_go_of_whole"),
        Index("ix_review_newest", "product_id", desc("id"), postgresql_where=_SHOWN),
        Index("ix_review_stars", "product_id", "stars", desc("id"), postgresql_where=_SHOWN),
        Index("ix_review_best", "product_id", desc("stars"), desc("id"), postgresql_where=_SHOWN),
        Index("ix_review_locale", "product_id", "locale", desc("id"), postgresql_where=_SHOWN),
        Index(
            "ix_review_pictured",
            "product_id",
            desc("id"),
            postgresql_where=sql("state = 'shown' AND photo_count > 0"),
        ),
        Index("ix_review_author_id", "author_id", desc("id")),
        Index("ix_review_vendor_id", "vendor_id", desc("id"), postgresql_where=_SHOWN),
        {"schema": "marketplace"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    line_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("marketplace.order_line.id"), unique=True
    )
    product_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("marketplace.product.id"))
    vendor_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("marketplace.vendor.id"))
    author_id: Mapped[UUID | None]
    author_name: Mapped[str]
    country: Mapped[str]
    locale: Mapped[str]
    stars: Mapped[int]
    title: Mapped[str]
    words: Mapped[str]
    state: Mapped[str]
    written_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    # How many photographs were sent with it, so that pages without any ask for none.
    photo_count: Mapped[int] = mapped_column(server_default="0")
    translated: Mapped[Mapping[str, list[str]]] = mapped_column(JSONB, server_default="{}")


class ReviewAnswer(Base):
    """What the seller answers; one review has at most one.

    Shape: translated maps languages to the words as a translator says them there.
    """

    __tablename__ = "review_answer"
    __table_args__ = (
        CheckConstraint("length(words) BETWEEN 1 AND 2000", name="says_something"),
        {"schema": "marketplace"},
    )

    review_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("marketplace.review.id"), primary_key=True, autoincrement=False
    )
    words: Mapped[str]
    locale: Mapped[str]
    answered_by: Mapped[UUID]
    answered_at: Mapped[datetime]
    changed_at: Mapped[datetime | None]
    translated: Mapped[Mapping[str, str]] = mapped_column(JSONB, server_default="{}")


# What rooms above may join.
READABLE = (Review, ReviewAnswer)
