"""Closed months, and periods that somebody asked for; their entries stand in the ledger."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    UniqueConstraint,
)
from sqlalchemy.orm import Mapped, mapped_column

from banking.online.statements.rules import Format
from kernel.checks import one_of
from kernel.db import Base


class Statement(Base):
    """A closed month of a wallet; append-only.

    It holds the entries after `after_entry` up to `last_entry`, so that each entry stands in one
    statement alone, even one that was written at midnight. Shape: fingerprint is SHA-256 over the
    statement before it and all entries of this one. Units: minor units.
    """

    __tablename__ = "statements"
    __table_args__ = (
        UniqueConstraint("wallet_id", "month", name="uq_statements_wallet_id_month"),
        CheckConstraint("sequence > 0", name="sequence_from_one"),
        CheckConstraint("last_entry >= after_entry", name="entries_in_order"),
        CheckConstraint("octet_length(fingerprint) = 32", name="fingerprint_is_sha256"),
        {"schema": "banking"},
    )

    wallet_id: Mapped[UUID] = mapped_column(ForeignKey("banking.wallets.id"), primary_key=True)
    sequence: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    month: Mapped[date]
    after_entry: Mapped[int] = mapped_column(BigInteger)
    last_entry: Mapped[int] = mapped_column(BigInteger)
    opening_minor: Mapped[int] = mapped_column(BigInteger)
    closing_minor: Mapped[int] = mapped_column(BigInteger)
    entries: Mapped[int]
    fingerprint: Mapped[bytes] = mapped_column(LargeBinary)
    closed_at: Mapped[datetime]


class StatementOrder(Base):
    """A file that somebody asked for: any period, or a month too long to be written at once.

    Its entries are settled when it is asked for; it is ready once its file is kept.
    """

    __tablename__ = "statement_orders"
    __table_args__ = (
        CheckConstraint("until_on >= since_on", name="days_in_order"),
        Index("ix_statement_orders_wallet_id_seq", "wallet_id", "seq"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, Identity())
    ref: Mapped[str] = mapped_column(unique=True)
    wallet_id: Mapped[UUID] = mapped_column(ForeignKey("banking.wallets.id"))
    since_on: Mapped[date]
    until_on: Mapped[date]
    format: Mapped[str] = mapped_column(one_of("format", Format))
    locale: Mapped[str]
    sequence: Mapped[int | None]
    after_entry: Mapped[int] = mapped_column(BigInteger)
    last_entry: Mapped[int] = mapped_column(BigInteger)
    entries: Mapped[int]
    asked_at: Mapped[datetime]
    ready_at: Mapped[datetime | None]
