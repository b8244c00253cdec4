"""Threads and what was written in them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base

_SCHEMA = {"schema": "marketplace"}


class MessageThread(Base):
    """What a buyer and a shop write to each other about goods, about an order, or about the shop.

    Units: *_unread in messages. Shape: product_id and order_ref are empty for a word about
    neither; unread_since is when the first message came that the shop has not read; waits_since
    when the first came that it has not answered; buyer_id and buyer_name are gone once the buyer
    asked to be forgotten.
    """

    __tablename__ = "message_thread"
    __table_args__ = (
        CheckConstraint("num_nonnulls(product_id, order_ref) <= 1", name="about_one_thing"),
        CheckConstraint("buyer_unread >= 0 AND vendor_unread >= 0", name="unread_not_negative"),
        CheckConstraint(
            "(vendor_unread > 0) = (unread_since IS NOT NULL)", name="unread_has_an_age"
        ),
        Index(
            "uq_message_thread_one_each",
            "buyer_id",
            "vendor_id",
            text("coalesce(product_id, 0)"),
            text("coalesce(order_ref, '')"),
            unique=True,
        ),
        Index("ix_message_thread_buyer_id", "buyer_id", "last_at", "id"),
        Index("ix_message_thread_organisation_id", "organisation_id", "last_at", "id"),
        Index(
            "ix_message_thread_unread",
            "organisation_id",
            "unread_since",
            "id",
            postgresql_where=text("vendor_unread > 0"),
        ),
        _SCHEMA,
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    buyer_id: Mapped[UUID | None]
    buyer_name: Mapped[str]
    vendor_id: Mapped[int] = mapped_column(ForeignKey("marketplace.vendor.id"))
    organisation_id: Mapped[UUID]
    product_id: Mapped[int | None] = mapped_column(ForeignKey("marketplace.product.id"))
    order_ref: Mapped[str | None]
    opened_at: Mapped[datetime]
    last_at: Mapped[datetime]
    buyer_unread: Mapped[int] = mapped_column(server_default="0")
    vendor_unread: Mapped[int] = mapped_column(server_default="0")
    unread_since: Mapped[datetime | None]
    waits_since: Mapped[datetime | None]


class ThreadMessage(Base):
    """One message; its id is the key that its form carried, so that sending twice is once.

    Units: answered_after in seconds that a buyer had waited, empty when nobody did. Shape: words
    are empty once their writer asked to be forgotten.
    """

    __tablename__ = "thread_message"
    __table_args__ = (
        CheckConstraint("side IN ('buyer', 'vendor')", name="side_known"),
        CheckConstraint("char_length(words) <= 2000", name="words_fit"),
        CheckConstraint("answered_after >= 0", name="answered_after_not_negative"),
        Index("ix_thread_message_thread_id", "thread_id", "seq"),
        Index("ix_thread_message_author_id", "author_id"),
        Index(
            "ix_thread_message_answers",
            "vendor_id",
            "sent_at",
            postgresql_where=text("answered_after IS NOT NULL"),
        ),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, Identity())
    thread_id: Mapped[int] = mapped_column(ForeignKey("marketplace.message_thread.id"))
    vendor_id: Mapped[int] = mapped_column(BigInteger)
    side: Mapped[str]
    author_id: Mapped[UUID | None]
    words: Mapped[str]
    locale: Mapped[str]
    sent_at: Mapped[datetime]
    answered_after: Mapped[int | None]
