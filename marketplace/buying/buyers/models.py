"""A buyer's addresses."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, text
from sqlalchemy.dialects.postgresql import ARRAY, TEXT
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Address(Base):
    """A place a parcel can go to.

    Shape: lines as written on the label; tax_ref is the importer's number that some countries ask
    for. A removed address stays for the orders that went there.
    """

    __tablename__ = "address"
    __table_args__ = (
        CheckConstraint("country ~ '^[A-Z]{2}$'", name="country_code"),
        Index("ix_address_person_id", "person_id"),
        Index(
            "uq_address_default",
            "person_id",
            unique=True,
            postgresql_where=text("is_default AND removed_at IS NULL"),
        ),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    label: Mapped[str]
    name: Mapped[str]
    name_latin: Mapped[str]
    lines: Mapped[list[str]] = mapped_column(ARRAY(TEXT))
    city: Mapped[str]
    region: Mapped[str]
    postcode: Mapped[str]
    country: Mapped[str]
    phone: Mapped[str]
    tax_ref: Mapped[str]
    is_default: Mapped[bool]
    created_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]
