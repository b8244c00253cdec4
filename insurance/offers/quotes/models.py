"""Stored quotes; a quote is never changed, only bound or left to run out."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, LargeBinary
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from insurance.offers.quotes.rules import QuoteKind
from kernel.checks import one_of
from kernel.db import Base


class Quote(Base):
    """The price of covering one parcel, at three levels.

    Shape: risk is the parcel as asked; levels maps the level to its price, with insurer and tariff
    of it, or refusal; both hold money as minor units with currency. rates names what was used:
    tariff version, euro rate. kind says where it was asked for, in a cart or in the bank; tax_rules
    maps a section to name and basis of the rule that taxed it, None where they follow from risk and
    day.
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
    kind: Mapped[str] = mapped_column(one_of("kind", QuoteKind), server_default="cart")
    input_hash: Mapped[bytes] = mapped_column(LargeBinary)
    risk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    levels: Mapped[dict[str, Any]] = mapped_column(JSONB)
    tax_rules: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    tariff_version: Mapped[str]
    euro_rate: Mapped[str | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))


# What rooms above may join.
READABLE = (Quote,)
