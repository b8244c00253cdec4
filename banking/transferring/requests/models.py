"""Requests for money."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class MoneyRequest(Base):
    """An owner asks for money. Units: minor units. Shape: token is what the link carries."""

    __tablename__ = "money_requests"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("expires_at > asked_at", name="open_for_a_while"),
        Index("ix_money_requests_owner_id", "owner_id", "id"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    token: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[UUID]
    wallet_id: Mapped[UUID] = mapped_column(ForeignKey("banking.wallets.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    reference: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
