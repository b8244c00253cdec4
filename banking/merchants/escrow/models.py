"""One escrow per vendor order, and every move out of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Escrow(Base):
    """What a buyer paid for one vendor order until it has reached those who earned it.

    Units: minor units. The money itself stands in the ledger under `escrow:<order_ref>`.
    """

    __tablename__ = "escrows"
    __table_args__ = (
        CheckConstraint("funded > 0", name="funded_positive"),
        CheckConstraint("released >= 0 AND refunded >= 0 AND frozen >= 0", name="not_negative"),
        CheckConstraint("released + refunded + frozen <= funded", name="within_funded"),
        CheckConstraint(
            "state = CASE WHEN released + refunded < funded"
            " THEN CASE WHEN released > 0 THEN 'partly_released' ELSE 'funded' END"
            " WHEN released > 0 THEN 'released' ELSE 'refunded' END",
            name="state_follows_sums",
        ),
        Index("ix_escrows_beneficiary_id", "beneficiary_id"),
        Index("ix_escrows_subject", "subject"),
        Index("ix_escrows_frozen", "beneficiary_id", postgresql_where=text("frozen > 0")),
        Index(
            "ix_escrows_under_way",
            "payer_wallet_id",
            postgresql_where=text("released + refunded < funded"),
        ),
        {"schema": "banking"},
    )

    order_ref: Mapped[str] = mapped_column(primary_key=True)
    subject: Mapped[str]
    currency: Mapped[str]
    beneficiary_id: Mapped[UUID]
    payer_wallet_id: Mapped[UUID]
    note: Mapped[str]
    funded: Mapped[int] = mapped_column(BigInteger)
    released: Mapped[int] = mapped_column(BigInteger, server_default="0")
    refunded: Mapped[int] = mapped_column(BigInteger, server_default="0")
    frozen: Mapped[int] = mapped_column(BigInteger, server_default="0")
    state: Mapped[str] = mapped_column(server_default="funded")
    releasable_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    funded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class EscrowMove(Base):
    """One release or refund; its key makes it happen once.

    Units: minor units of the escrow's currency.
    """

    __tablename__ = "escrow_moves"
    __table_args__ = (
        CheckConstraint("kind IN ('released', 'refunded')", name="known_kind"),
        CheckConstraint("amount > 0", name="amount_positive"),
        Index("ix_escrow_moves_order_ref", "order_ref"),
        {"schema": "banking"},
    )

    key: Mapped[UUID] = mapped_column(primary_key=True)
    order_ref: Mapped[str] = mapped_column(ForeignKey("banking.escrows.order_ref"))
    kind: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    journal_id: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


# What rooms above may join.
READABLE = (Escrow,)
