"""Prices of cargo covers, and the policies concluded on them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index, Numeric
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class CargoQuote(Base):
    """The price of covering a shipment, or why there is none; never changed.

    Shape: asked is the shipment as it was typed, outcome its price or the gate's reason, both as
    plain values with money in minor units of currency. What somebody wants to buy by it waits
    beside it, as wish with the approval that is asked for.
    """

    __tablename__ = "cargo_quotes"
    __table_args__ = (
        CheckConstraint("valid_until > created_at", name="lives_a_while"),
        Index("ix_cargo_quotes_owner_id_created_at", "owner_id", "created_at"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[UUID]
    currency: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB)
    tariff_version: Mapped[str]
    wish: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    approval_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CargoPolicy(Base):
    """A concluded cover of a shipment; what it states is its quote's, which never changes.

    Units: insured_eur in euro, as it counts towards what travels together. Shape: voyage names the
    conveyance and its day; demands is the record of conclusion.
    """

    __tablename__ = "cargo_policies"
    __table_args__ = (
        CheckConstraint("insured_eur > 0", name="insures_something"),
        Index("ix_cargo_policies_voyage", "voyage"),
        Index("ix_cargo_policies_owner_id_bound_at", "owner_id", "bound_at"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    quote_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.cargo_quotes.id"), unique=True)
    owner_id: Mapped[UUID]
    wallet_id: Mapped[UUID]
    insurer_key: Mapped[str]
    voyage: Mapped[str]
    departs_on: Mapped[date]
    insured_eur: Mapped[Decimal] = mapped_column(Numeric(20, 2))
    demands: Mapped[dict[str, Any]] = mapped_column(JSONB)
    bound_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


# What rooms above may join.
READABLE = (CargoQuote, CargoPolicy)
