"""Purchases by card beside their payments, and money for a card that the card does not take."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class CardPurchase(Base):
    """What became of the money of a payment for a purchase.

    Shape: subject is what it is for, in the words of who asked; placed_key is of the journal that
    took the money for orders; email is whom letters reach when nobody is signed in.
    """

    __tablename__ = "card_purchases"
    __table_args__ = (
        CheckConstraint("outcome IN ('open', 'placed', 'given_up')", name="known_outcome"),
        CheckConstraint(
            "(outcome = 'placed') = (placed_key IS NOT NULL)"
            " AND (outcome = 'open') = (ended_at IS NULL)",
            name="ended_has_instant",
        ),
        Index("ix_card_purchases_subject", "subject"),
        Index("ix_card_purchases_email", "email", "begun_at"),
        Index("ix_card_purchases_open", "begun_at", postgresql_where=text("outcome = 'open'")),
        {"schema": "banking"},
    )

    payment_id: Mapped[UUID] = mapped_column(
        ForeignKey("banking.card_payments.id"), primary_key=True
    )
    subject: Mapped[str]
    email: Mapped[str]
    outcome: Mapped[str]
    placed_key: Mapped[UUID | None]
    begun_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]


class PurchaseCredit(Base):
    """Money for a card that the card does not take; it stands in the payment's clearing account.

    Shape: id is derived from what brought it; why says what keeps it from the card; token_digest is
    of the link in the last letter and counts until link_until; letters counts those with a link.
    Units: minor units.
    """

    __tablename__ = "purchase_credits"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint(
            "state IN ('waiting', 'to_card', 'to_wallet', 'taken')", name="known_state"
        ),
        CheckConstraint(
            "why IN ('not_taken', 'more_than_charged', 'too_late', 'disputed')", name="known_why"
        ),
        CheckConstraint("(state = 'waiting') = (ended_at IS NULL)", name="ended_has_instant"),
        CheckConstraint(
            "(token_digest IS NULL OR link_until IS NOT NULL) AND letters >= 0", name="link_ends"
        ),
        Index("ix_purchase_credits_payment_id", "payment_id"),
        Index(
            "ix_purchase_credits_waiting", "arrived_at", postgresql_where=text("state = 'waiting'")
        ),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    payment_id: Mapped[UUID] = mapped_column(ForeignKey("banking.card_payments.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    subject: Mapped[str]
    why: Mapped[str]
    state: Mapped[str]
    token_digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    link_until: Mapped[datetime | None]
    letters: Mapped[int] = mapped_column(server_default="0")
    arrived_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
