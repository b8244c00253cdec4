"""Shipments as they were described, and how far each is on its way to a policy."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base

_INSTANT = DateTime(timezone=True)


class Shipment(Base):
    """A parcel that a customer described, with its price.

    Units: weight_g grams. Shape: goods, value, route and whose loss it would be are in the quote;
    parcel_ref is how a policy calls the parcel, order_ref an order of the shop, empty for a parcel
    from elsewhere, which has carrier and tracking_number. looked_at is when its carrier was asked
    last, scanned_at what it said, informed_at when product information was opened first, opened
    when which was, None for a shipment of before that was kept; choice is the level with the record
    of its conclusion.
    """

    __tablename__ = "shipments"
    __table_args__ = (
        CheckConstraint("weight_g > 0", name="weighs_something"),
        CheckConstraint("order_ref <> '' OR tracking_number <> ''", name="can_be_found"),
        Index("ix_shipments_owner_id_asked_at", "owner_id", "asked_at"),
        Index("ix_shipments_parcel_ref", "parcel_ref"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[UUID]
    parcel_ref: Mapped[str]
    order_ref: Mapped[str]
    carrier: Mapped[str]
    tracking_number: Mapped[str]
    weight_g: Mapped[int]
    quote_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.quotes.id"))
    asked_at: Mapped[datetime] = mapped_column(_INSTANT)
    looked_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    scanned_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    informed_at: Mapped[datetime | None] = mapped_column(_INSTANT)
    opened: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    choice: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    approval_id: Mapped[UUID | None]
    policy_id: Mapped[UUID | None] = mapped_column(ForeignKey("insurance.policies.id"))


# What rooms above may join.
READABLE = (Shipment,)
