"""Stored quotes; a quote is never changed, only bound or left to run out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Quote(Base):
    """The price of covering one parcel, at three levels.

    Shape: risk is the parcel as asked; levels maps the level to its price or refusal; both hold
    money as minor units with currency. rates names what was used: tariff version, euro rate.
    """

    __tablename__ = "quotes"
    __table_args__ = (
        CheckConstraint("valid_until > created_at", name="lives_a_while"),
        Index("ix_quotes_subject_input_hash_valid_until", "subject", "input_hash", "valid_until"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    subject: Mapped[str]
    currency: Mapped[str]
    input_hash: Mapped[bytes] = mapped_column(LargeBinary)
    risk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    levels: Mapped[dict[str, Any]] = mapped_column(JSONB)
    tariff_version: Mapped[str]
    euro_rate: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
