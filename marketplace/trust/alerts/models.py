"""Who waits for goods that are sold out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class StockAlert(Base):
    """Somebody wants one mail when a form of goods is in stock again; the row goes with it."""

    __tablename__ = "stock_alert"
    __table_args__ = (
        Index("uq_stock_alert_once", "person_id", "variant_id", unique=True),
        Index("ix_stock_alert_variant_id", "variant_id"),
        {"schema": "marketplace"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[UUID]
    variant_id: Mapped[int] = mapped_column(ForeignKey("marketplace.variant.id"))
    wanted_at: Mapped[datetime]
