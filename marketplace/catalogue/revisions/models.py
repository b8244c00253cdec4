"""Changes of listings."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class ListingRevision(Base):
    """One change of a listing by its shop; never changed itself.

    Shape: before and after map what changed to its value, as plain JSON; actor is how the trail of
    commands names who did it.
    """

    __tablename__ = "listing_revision"
    __table_args__ = (
        CheckConstraint(
            "kind IN ('words', 'shelf', 'customs', 'versions', 'pictures', 'safety')",
            name="kind_known",
        ),
        CheckConstraint("before <> after", name="something_changed"),
        Index("ix_listing_revision_product_id", "product_id", "id"),
        {"schema": "marketplace"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("marketplace.product.id"))
    vendor_id: Mapped[int] = mapped_column(ForeignKey("marketplace.vendor.id"))
    kind: Mapped[str]
    before: Mapped[dict[str, Any]] = mapped_column(JSONB)
    after: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime]
    person_id: Mapped[UUID | None]
    actor: Mapped[str]
