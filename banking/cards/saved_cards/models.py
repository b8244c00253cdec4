"""Saved cards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, SmallInteger, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class SavedCard(Base):
    """A card that its owner may pay with again.

    Shape: customer_ref and method_ref are the network's token; fingerprint is its name of the
    number, empty where it tells none; removed_at is when its owner removed it.
    """

    __tablename__ = "saved_cards"
    __table_args__ = (
        CheckConstraint("month BETWEEN 1 AND 12 AND last4 ~ '^[0-9]{4}$'", name="looks_like_one"),
        Index(
            "uq_saved_cards_owner_id_fingerprint",
            "owner_id",
            "fingerprint",
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    customer_ref: Mapped[str]
    method_ref: Mapped[str] = mapped_column(unique=True)
    brand: Mapped[str]
    last4: Mapped[str]
    month: Mapped[int] = mapped_column(SmallInteger)
    year: Mapped[int] = mapped_column(SmallInteger)
    fingerprint: Mapped[str]
    saved_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
