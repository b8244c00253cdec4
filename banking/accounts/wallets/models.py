"""A wallet: an owner, a currency, an IBAN, and the ledger account behind them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Wallet(Base):
    """Money that the bank owes one owner in one currency; the amount stands in the ledger."""

    __tablename__ = "wallets"
    __table_args__ = (
        UniqueConstraint("owner_id", "currency", name="uq_wallets_owner_id_currency"),
        CheckConstraint("owner_kind IN ('person', 'organisation', 'house')", name="owner_kind"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    serial: Mapped[int] = mapped_column(BigInteger, Identity(), unique=True)
    owner_id: Mapped[UUID]
    owner_kind: Mapped[str]
    currency: Mapped[str]
    iban: Mapped[str] = mapped_column(unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("banking.ledger_accounts.id"), unique=True)
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None]


# What rooms above may join.
READABLE = (Wallet,)
