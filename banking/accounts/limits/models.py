"""What each wallet may spend in a window, and the limits that customers chose themselves."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.checks import one_of
from kernel.db import Base

# Wallets and their owners stand a room above.
_OWNERS = ("person", "organisation", "house")
_PERIODS = "period IN ('day', 'month', 'payee')"


class Allowance(Base):
    """What a wallet may spend in each window of a period; the ceiling of the windows' accounts.

    The posting function opens the account of a window with it and refuses to without it.
    Units: minor units.
    """

    __tablename__ = "allowances"
    __table_args__ = (
        CheckConstraint(_PERIODS, name="period"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        Index("ix_allowances_owner_id", "owner_id"),
        {"schema": "banking"},
    )

    wallet_id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    currency: Mapped[str]
    owner_id: Mapped[UUID]
    owner_kind: Mapped[str] = mapped_column(one_of("owner_kind", _OWNERS))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    applied_at: Mapped[datetime]


class OwnerAllowance(Base):
    """What an owner may spend from all wallets together in each window of a period.

    Units: cents of the euro.
    """

    __tablename__ = "owner_allowances"
    __table_args__ = (
        CheckConstraint("period IN ('day', 'month')", name="period"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        {"schema": "banking"},
    )

    owner_id: Mapped[UUID] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    owner_kind: Mapped[str] = mapped_column(one_of("owner_kind", _OWNERS))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    applied_at: Mapped[datetime]


class OwnLimit(Base):
    """A limit that a customer asked for; append-only, the one asked for last counts.

    Units: minor units of the wallet's currency.
    """

    __tablename__ = "own_limits"
    __table_args__ = (
        CheckConstraint(_PERIODS, name="period"),
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint("effective_at >= asked_at", name="never_in_the_past"),
        Index("ix_own_limits_wallet_id", "wallet_id", "period", "asked_at"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    wallet_id: Mapped[UUID]
    period: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    asked_at: Mapped[datetime]
    effective_at: Mapped[datetime]
    asked_by: Mapped[UUID | None]
