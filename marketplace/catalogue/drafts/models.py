"""Forms of listings as their shops left them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


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
