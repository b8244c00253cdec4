"""Refunds of top-ups to their cards."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class CardRefund(Base):
    """Part or all of a card payment on its way back to the card.

    Shape: wallet_id and owner_id are None where a purchase is given back; id is the network's
    idempotency key, refund_ref its own name; why is its word for a failure. Units: minor units.
    """

    __tablename__ = "card_refunds"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint(
            "state IN ('waiting', 'asked', 'sent', 'paid', 'refused', 'failed')", name="state"
        ),
        CheckConstraint(
            "(state IN ('sent', 'paid', 'failed')) = (refund_ref IS NOT NULL)",
            name="named_once_sent",
        ),
        CheckConstraint(
            "(state IN ('refused', 'failed')) = (returned_at IS NOT NULL)",
            name="returned_has_instant",
        ),
        Index("ix_card_refunds_payment_id", "payment_id"),
        Index(
            "ix_card_refunds_in_doubt",
            "asked_at",
            postgresql_where=text("state IN ('asked', 'sent')"),
        ),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("banking.card_payments.id"))
    wallet_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.wallets.id"))
    owner_id: Mapped[UUID | None]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    state: Mapped[str]
    refund_ref: Mapped[str | None] = mapped_column(unique=True)
    why: Mapped[str] = mapped_column(server_default="")
    asked_at: Mapped[datetime]
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.approvals.id"))
    heard: Mapped[int] = mapped_column(server_default="0")
    heard_at: Mapped[datetime | None]
    paid_at: Mapped[datetime | None]
    returned_at: Mapped[datetime | None]


# What rooms above may join.
READABLE = (CardRefund,)
