"""Parcels, and what was scanned."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.checks import one_of
from kernel.db import Base
from marketplace.logistics.carriers.rules.tracking import ParcelState


class Parcel(Base):
    """One parcel on its way. Units: weight_g grams; promised_on last promised day of arrival.

    Shape: hazards are what carriers must know of the goods, as words of the catalogue.
    """

    __tablename__ = "parcel"
    __table_args__ = (
        CheckConstraint("weight_g > 0", name="weight_is_positive"),
        CheckConstraint(
            "delivered_at IS NULL OR scanned_at IS NOT NULL", name="scanned_before_delivered"
        ),
        Index(
            "ix_parcel_open",
            "promised_on",
            postgresql_where=text("state NOT IN ('delivered', 'lost', 'returned')"),
        ),
        Index("ix_parcel_vendor_order_ref", "vendor_order_ref"),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    vendor_order_ref: Mapped[str]
    option_code: Mapped[str]
    carrier: Mapped[str]
    tracking_number: Mapped[str | None] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(one_of("state", ParcelState))
    origin: Mapped[dict[str, Any]] = mapped_column(JSONB)
    destination: Mapped[dict[str, Any]] = mapped_column(JSONB)
    crosses_border: Mapped[bool]
    weight_g: Mapped[int]
    hazards: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")
    promised_on: Mapped[date]
    dispatched_at: Mapped[datetime]
    scanned_at: Mapped[datetime | None]
    presented_at: Mapped[datetime | None]
    cleared_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    lost_at: Mapped[datetime | None]
    found_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]
    late_at: Mapped[datetime | None]


class TrackingEvent(Base):
    """One scan, kept as it came. Units: offset_minutes of the place's wall clock from UTC."""

    __tablename__ = "tracking_event"
    __table_args__ = (
        UniqueConstraint("parcel_id", "key"),
        {"schema": "marketplace"},
    )

    seq: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    parcel_id: Mapped[UUID] = mapped_column(ForeignKey("marketplace.parcel.id"))
    key: Mapped[str]
    raw_code: Mapped[str]
    state: Mapped[str] = mapped_column(one_of("state", ParcelState))
    at: Mapped[datetime]
    offset_minutes: Mapped[int]
    received_at: Mapped[datetime]
    place: Mapped[str]
    note: Mapped[str]
