"""Disputed card payments."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class CardDispute(Base):
    """A card payment that the card's holder disputes with their bank.

    Shape: dispute_ref is the network's name; wallet_id and owner_id are None where it paid for a
    purchase: then house_loss is what neither waited for the card nor was to be had of the orders,
    and borne_at says when a lost one was brought together. Of a top-up, from_wallet is what was
    taken from the wallet at once, owed what its owner owes the bank for the rest and has not paid
    yet, written_off what of that the house gave up hoping for: it is a claim still, and shrinks
    when money comes after all. withdrawn_at and reinstated_at say when the network took the money
    and gave it back, given_up_at when two people left the dispute to the cardholder.
    Units: minor units.
    """

    __tablename__ = "card_disputes"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("state IN ('needs_response', 'under_review', 'won', 'lost')", name="state"),
        CheckConstraint(
            "owed_minor >= 0 AND from_wallet_minor >= 0 AND written_off_minor >= 0"
            " AND owed_minor + written_off_minor + from_wallet_minor <= amount_minor",
            name="parts_within_amount",
        ),
        CheckConstraint(
            "(state IN ('won', 'lost')) = (closed_at IS NOT NULL)", name="closed_has_instant"
        ),
        CheckConstraint(
            "reinstated_at IS NULL OR withdrawn_at IS NOT NULL", name="returned_once_taken"
        ),
        Index("ix_card_disputes_payment_id", "payment_id"),
        Index("ix_card_disputes_opened_at", "opened_at"),
        Index(
            "ix_card_disputes_owing",
            "owner_id",
            postgresql_where=text("owed_minor + written_off_minor > 0"),
        ),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    dispute_ref: Mapped[str] = mapped_column(unique=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("banking.card_payments.id"))
    wallet_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.wallets.id"))
    owner_id: Mapped[UUID | None]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    fee_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    from_wallet_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    owed_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    written_off_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    house_loss_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    reason: Mapped[str]
    state: Mapped[str]
    evidence: Mapped[str] = mapped_column(server_default="")
    evidence_due_at: Mapped[datetime | None]
    evidence_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
    opened_at: Mapped[datetime]
    withdrawn_at: Mapped[datetime | None]
    reinstated_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]
    borne_at: Mapped[datetime | None]


# What rooms above may join.
READABLE = (CardDispute,)
