"""Vendors: a column in every table that needs one, never a schema of its own."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Vendor(Base):
    """A shop, kept by one organisation.

    Units: lead_time_days in working days before dispatch. Shape: legal holds the trader's identity
    (name, registration, lines, city, region, postcode, country, email, phone as E.164); story maps
    locale to text; name_latin and city_latin are how both read in Latin letters, city_latin empty
    where unknown; sends_to holds the countries the shop chose to send to, None for every country.
    """

    __tablename__ = "vendor"
    __table_args__ = (
        CheckConstraint("status IN ('active', 'paused', 'suspended')", name="status_known"),
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_code"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
        CheckConstraint("cardinality(sends_to) > 0", name="sends_somewhere"),
        CheckConstraint("lead_time_days BETWEEN 0 AND 60", name="lead_time_days_sane"),
        {"schema": "marketplace"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    external_ref: Mapped[str | None] = mapped_column(unique=True)
    organisation_id: Mapped[UUID] = mapped_column(unique=True)
    name: Mapped[str]
    name_latin: Mapped[str]
    slug: Mapped[str] = mapped_column(unique=True)
    country: Mapped[str]
    city: Mapped[str]
    city_latin: Mapped[str] = mapped_column(server_default="")
    dispatch_postcode: Mapped[str | None]
    language: Mapped[str]
    currency: Mapped[str]
    lead_time_days: Mapped[int]
    status: Mapped[str]
    legal: Mapped[dict[str, Any]] = mapped_column(JSONB)
    story: Mapped[dict[str, str]] = mapped_column(JSONB)
    founded: Mapped[int | None]
    sends_to: Mapped[list[str] | None] = mapped_column(ARRAY(Text))
    opened_at: Mapped[datetime]


# What rooms above may join.
READABLE = (Vendor,)
