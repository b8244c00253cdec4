"""Reviews, the seller's answers, reports about reviews and what was decided on them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, desc
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base

_REASONS = "('insulting', 'private', 'advertising', 'off_topic', 'other')"
_SHOWN = sql("state = 'shown'")


class Review(Base):
    """What a buyer says of one bought line; one line has at most one.

    Units: stars, 1 to 5; photographs. Shape: locale is the language of the page it was written on;
    author_id is empty once its author let go of it; a withdrawn one keeps no words.
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


class ReviewAnswer(Base):
    """What the seller answers; one review has at most one."""

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


class ReviewDecision(Base):
    """What an operator decided on a review, on which ground; never changed.

    Source: Regulation (EU) 2022/2065, article 17.
    """

    __tablename__ = "review_decision"
    __table_args__ = (
        CheckConstraint("outcome IN ('kept', 'removed')", name="outcome_known"),
        CheckConstraint(f"ground IN {_REASONS}", name="ground_known"),
        CheckConstraint("words <> ''", name="says_why"),
        Index("ix_review_decision_review_id", "review_id", "decided_at"),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    review_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("marketplace.review.id"))
    outcome: Mapped[str]
    ground: Mapped[str]
    words: Mapped[str]
    decided_by: Mapped[UUID]
    decided_at: Mapped[datetime]
    objection_until: Mapped[datetime]


class ReviewObjection(Base):
    """The one objection of an author, and what another operator made of it.

    Shape: stands is whether the decision stays; empty while nobody has looked again; words and
    objected_by are empty once the author let go of them.
    Source: Regulation (EU) 2022/2065, article 20.
    """

    __tablename__ = "review_objection"
    __table_args__ = (
        CheckConstraint("words <> '' OR objected_by IS NULL", name="says_why"),
        CheckConstraint(
            "num_nulls(stands, review_words, reviewed_by, reviewed_at) IN (0, 4)",
            name="reviewed_whole",
        ),
        CheckConstraint("reviewed_by <> decided_by", name="reviewed_by_another"),
        CheckConstraint("reviewed_by <> objected_by", name="reviewed_by_an_outsider"),
        Index("ix_review_objection_objected_by", "objected_by"),
        Index(
            "ix_review_objection_waiting",
            "objected_at",
            "decision_id",
            postgresql_where=sql("reviewed_at IS NULL"),
        ),
        {"schema": "marketplace"},
    )

    decision_id: Mapped[UUID] = mapped_column(
        ForeignKey("marketplace.review_decision.id"), primary_key=True
    )
    words: Mapped[str]
    objected_by: Mapped[UUID | None]
    objected_at: Mapped[datetime]
    decided_by: Mapped[UUID]
    stands: Mapped[bool | None]
    review_words: Mapped[str | None]
    reviewed_by: Mapped[UUID | None]
    reviewed_at: Mapped[datetime | None]


class ReviewReport(Base):
    """What somebody reported of a review.

    Shape: decision_id is empty while it waits; words, reporter_id, name and email are empty once
    the reporter let go of them.
    Source: Regulation (EU) 2022/2065, article 16.
    """

    __tablename__ = "review_report"
    __table_args__ = (
        CheckConstraint(f"reason IN {_REASONS}", name="reason_known"),
        CheckConstraint(
            "words <> '' OR num_nulls(reporter_id, nullif(email, '')) = 2", name="says_what"
        ),
        Index(
            "uq_review_report_one_open",
            "review_id",
            "email",
            unique=True,
            postgresql_where=sql("decision_id IS NULL"),
        ),
        Index(
            "ix_review_report_waiting",
            "reported_at",
            "id",
            postgresql_where=sql("decision_id IS NULL"),
        ),
        Index("ix_review_report_decision_id", "decision_id"),
        Index("ix_review_report_reporter_id", "reporter_id"),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    review_id: Mapped[int] = mapped_column(BigInteger, ForeignKey("marketplace.review.id"))
    reason: Mapped[str]
    words: Mapped[str]
    reporter_id: Mapped[UUID | None]
    name: Mapped[str]
    email: Mapped[str]
    locale: Mapped[str]
    reported_at: Mapped[datetime]
    decision_id: Mapped[UUID | None] = mapped_column(ForeignKey("marketplace.review_decision.id"))


# What rooms above may join.
READABLE = (Review,)
