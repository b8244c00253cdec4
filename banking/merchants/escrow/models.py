"""One escrow per vendor order, and every move out of it."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    LargeBinary,
    SmallInteger,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Escrow(Base):
    """What a buyer paid for one vendor order until it has reached those who earned it.

    Shape: payer_wallet_id is None where cards paid all of it; where a card paid any of it, its
    payers are rows of their own; frozen is kept back by a dispute with the vendor, questioned by
    one that a cardholder has with their bank. Units: minor units. The money itself stands in the
    ledger under `escrow:<order_ref>`.
    """

    __tablename__ = "escrows"
    __table_args__ = (
        CheckConstraint("funded > 0", name="funded_positive"),
        CheckConstraint("released >= 0 AND refunded >= 0 AND frozen >= 0", name="not_negative"),
        CheckConstraint("released + refunded + frozen <= funded", name="within_funded"),
        CheckConstraint("questioned >= 0", name="questioned_not_negative"),
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
    payer_wallet_id: Mapped[UUID | None]
    note: Mapped[str]
    funded: Mapped[int] = mapped_column(BigInteger)
    released: Mapped[int] = mapped_column(BigInteger, server_default="0")
    refunded: Mapped[int] = mapped_column(BigInteger, server_default="0")
    frozen: Mapped[int] = mapped_column(BigInteger, server_default="0")
    questioned: Mapped[int] = mapped_column(BigInteger, server_default="0")
    state: Mapped[str] = mapped_column(server_default="funded")
    releasable_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    funded_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class EscrowPayer(Base):
    """What one of several payers paid of an escrow, and has back.

    Shape: place is the order in which they were named; payer_id is of a wallet, or of a card's
    payment. Units: minor units of the escrow's currency.
    """

    __tablename__ = "escrow_payers"
    __table_args__ = (
        CheckConstraint("funded > 0", name="funded_positive"),
        CheckConstraint("refunded >= 0", name="not_negative"),
        Index("ix_escrow_payers_payer_id", "payer_id"),
        {"schema": "banking"},
    )

    order_ref: Mapped[str] = mapped_column(
        ForeignKey("banking.escrows.order_ref"), primary_key=True
    )
    payer_id: Mapped[UUID] = mapped_column(primary_key=True)
    is_card: Mapped[bool]
    place: Mapped[int] = mapped_column(SmallInteger)
    funded: Mapped[int] = mapped_column(BigInteger)
    refunded: Mapped[int] = mapped_column(BigInteger, server_default="0")


class EscrowQuestion(Base):
    """What a cardholder's dispute keeps back of an order, until their bank has decided.

    Shape: taken is what the bank kept of the order in the end. Units: minor units.
    """

    __tablename__ = "escrow_questions"
    __table_args__ = (
        CheckConstraint("amount > 0 AND taken >= 0", name="not_negative"),
        Index("ix_escrow_questions_order_ref", "order_ref"),
        {"schema": "banking"},
    )

    dispute_id: Mapped[UUID] = mapped_column(
        ForeignKey("banking.card_disputes.id"), primary_key=True
    )
    order_ref: Mapped[str] = mapped_column(
        ForeignKey("banking.escrows.order_ref"), primary_key=True
    )
    amount: Mapped[int] = mapped_column(BigInteger)
    taken: Mapped[int] = mapped_column(BigInteger, server_default="0")
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


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
