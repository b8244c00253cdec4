"""Offers with their own prices per currency and every price they ever had."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base

_SCHEMA = {"schema": "marketplace"}


class Offer(Base):
    """A vendor sells a variant.

    Units: price_minor in minor units of currency, the vendor's home price. Shape: version counts
    the changes of price, status and lead time.
    """

    __tablename__ = "offer"
    __table_args__ = (
        UniqueConstraint("vendor_id", "variant_id", name="uq_offer_vendor_variant"),
        CheckConstraint("price_minor > 0", name="price_minor_positive"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
        CheckConstraint("status IN ('listed', 'paused', 'withdrawn')", name="status_known"),
        CheckConstraint("lead_time_days BETWEEN 0 AND 60", name="lead_time_days_sane"),
        Index("ix_offer_variant_id", "variant_id"),
        _SCHEMA,
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    vendor_id: Mapped[int] = mapped_column(ForeignKey("marketplace.vendor.id"))
    variant_id: Mapped[int] = mapped_column(ForeignKey("marketplace.variant.id"))
    price_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    lead_time_days: Mapped[int]
    status: Mapped[str]
    version: Mapped[int] = mapped_column(BigInteger, server_default="1")
    changed_at: Mapped[datetime]


class OwnPrice(Base):
    """A price the vendor typed for one more currency; it is charged as typed, never converted."""

    __tablename__ = "offer_own_price"
    __table_args__ = (CheckConstraint("price_minor > 0", name="price_minor_positive"), _SCHEMA)

    offer_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("marketplace.offer.id"), primary_key=True
    )
    currency: Mapped[str] = mapped_column(primary_key=True)
    price_minor: Mapped[int] = mapped_column(BigInteger)


class PriceRecord(Base):
    """A price an offer had from an instant on; append-only, the proof behind a struck price."""

    __tablename__ = "offer_price_record"
    __table_args__ = (Index("ix_offer_price_record_offer_id", "offer_id", "valid_from"), _SCHEMA)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    offer_id: Mapped[int] = mapped_column(ForeignKey("marketplace.offer.id"))
    currency: Mapped[str]
    price_minor: Mapped[int] = mapped_column(BigInteger)
    valid_from: Mapped[datetime]


# What rooms above may join.
READABLE = (Offer, OwnPrice, PriceRecord)
