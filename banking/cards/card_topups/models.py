"""Card payments, what the network told us, and the limits of cards."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Text,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, plain_table

_SCHEMA = {"schema": "banking"}


class CardPayment(Base):
    """One payment by card: a top-up of a wallet, or a purchase that needs none.

    Shape: page_ref and page_url name the network's page, payment_ref the charged object; id is the
    network's idempotency key; refunded is what goes back to the card, disputed what the card's bank
    takes back and did not return; subject is what a purchase is for, in the words of who asked,
    and its owner_id is None when nobody was signed in; fingerprint is the network's name of the
    card's number, which tells that two payments are of one card and nothing else; customer_ref and
    method_ref name a saved card that pays without the network's page; brand and last4 are of the
    card that paid.
    Units: minor units.
    """

    __tablename__ = "card_payments"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint(
            "refunded_minor BETWEEN 0 AND amount_minor AND disputed_minor >= 0",
            name="back_within_amount",
        ),
        CheckConstraint(
            "state IN ('started', 'open', 'processing', 'captured', 'expired', 'in_question')",
            name="state",
        ),
        CheckConstraint(
            "(state = 'captured') = (captured_at IS NOT NULL)", name="captured_at_when_captured"
        ),
        CheckConstraint("purpose IN ('top_up', 'purchase')", name="known_purpose"),
        CheckConstraint(
            "(purpose = 'top_up') = (wallet_id IS NOT NULL)"
            " AND (purpose = 'purchase' OR owner_id IS NOT NULL)"
            " AND (purpose = 'purchase') = (subject IS NOT NULL)",
            name="purpose_has_its_own",
        ),
        Index(
            "ix_card_payments_in_doubt",
            "started_at",
            postgresql_where=text("state IN ('started', 'open', 'processing')"),
        ),
        Index("ix_card_payments_owner_id", "owner_id", "started_at"),
        Index(
            "ix_card_payments_fingerprint",
            "fingerprint",
            "captured_at",
            postgresql_where=text("fingerprint IS NOT NULL"),
        ),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    purpose: Mapped[str] = mapped_column(server_default="top_up")
    wallet_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.wallets.id"))
    owner_id: Mapped[UUID | None]
    subject: Mapped[str | None]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    locale: Mapped[str]
    state: Mapped[str]
    page_ref: Mapped[str | None] = mapped_column(unique=True)
    page_url: Mapped[str | None]
    payment_ref: Mapped[str | None] = mapped_column(unique=True)
    fingerprint: Mapped[str | None]
    brand: Mapped[str | None]
    last4: Mapped[str | None]
    saves_card: Mapped[bool] = mapped_column(server_default="false")
    customer_ref: Mapped[str | None]
    method_ref: Mapped[str | None]
    fee_minor: Mapped[int | None] = mapped_column(BigInteger)
    refunded_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    disputed_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    started_at: Mapped[datetime]
    asked: Mapped[int] = mapped_column(default=0)
    asked_at: Mapped[datetime | None]
    captured_at: Mapped[datetime | None]


provider_events = plain_table(
    __name__,
    "banking.provider_events",
    """A webhook as it came, once per event of a provider.""",
    Column("provider", Text, primary_key=True),
    Column("event_id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("payment_id", Uuid),
    Column("payload", JSONB, nullable=False),
    Column("received_at", DateTime(timezone=True), nullable=False),
)


class CardLimit(Base):
    """What a card may bring at once from a day on; other currencies by the day's rate.

    Units: minor units of the currency; refund_days, within which it may go back to the card.
    """

    __tablename__ = "card_limits"
    __table_args__ = (
        CheckConstraint("smallest_minor > 0 AND largest_minor > smallest_minor", name="a_range"),
        CheckConstraint("refund_days > 0", name="refunds_have_time"),
        _SCHEMA,
    )

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    currency: Mapped[str]
    smallest_minor: Mapped[int] = mapped_column(BigInteger)
    largest_minor: Mapped[int] = mapped_column(BigInteger)
    refund_days: Mapped[int]
    source: Mapped[str]


# What rooms above may join.
READABLE = (CardPayment,)
