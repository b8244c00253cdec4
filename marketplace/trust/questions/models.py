"""Questions with their one answer."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class ProductQuestion(Base):
    """What a shopper asked about goods, and what the shop that listed them answered.

    Shape: asker_id is gone once the asker asked to be forgotten; answer, its language, writer and
    instant come together; edited_at is when the answer last changed; removed_at is when
    an operator took the question away with its answer, by a decision that stands; seen_at is when
    the shop first looked at it.
    """

    __tablename__ = "product_question"
    __table_args__ = (
        CheckConstraint("char_length(words) BETWEEN 10 AND 500", name="words_fit"),
        CheckConstraint("char_length(answer) BETWEEN 1 AND 2000", name="answer_fits"),
        CheckConstraint(
            "num_nulls(answer, answer_locale, answered_at) IN (0, 3)", name="answered_whole"
        ),
        CheckConstraint(
            "edited_at IS NULL OR answered_at IS NOT NULL", name="only_answers_are_edited"
        ),
        Index(
            "ix_product_question_shown",
            "product_id",
            "answered_at",
            "id",
            postgresql_where=text("answered_at IS NOT NULL AND removed_at IS NULL"),
        ),
        Index(
            "ix_product_question_waiting",
            "vendor_id",
            "asked_at",
            "id",
            postgresql_where=text("answered_at IS NULL AND removed_at IS NULL"),
        ),
        Index(
            "ix_product_question_answered",
            "vendor_id",
            "answered_at",
            "id",
            postgresql_where=text("answered_at IS NOT NULL AND removed_at IS NULL"),
        ),
        Index(
            "uq_product_question_asked_once",
            "asker_id",
            "product_id",
            text("md5(words)"),
            unique=True,
        ),
        {"schema": "marketplace"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("marketplace.product.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("marketplace.vendor.id"))
    asker_id: Mapped[UUID | None]
    words: Mapped[str]
    locale: Mapped[str]
    asked_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]
    answer: Mapped[str | None]
    answer_locale: Mapped[str | None]
    answered_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None]
    edited_at: Mapped[datetime | None]
    removed_at: Mapped[datetime | None]
