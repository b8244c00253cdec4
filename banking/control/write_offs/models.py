"""Proposals that the house bears a loss, and who decided."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Loss(Base):
    """A loss that one person proposed and another one confirms. Units: minor units.

    Shape: it is about a card dispute, or about what a vendor owes in a currency; amount is what is
    written off, or what the cardholder keeps of a dispute that is given up; the journal is there
    once a write-off is confirmed.
    """

    __tablename__ = "losses"
    __table_args__ = (
        CheckConstraint("kind IN ('write_off', 'give_up')", name="kind"),
        CheckConstraint("state IN ('proposed', 'confirmed', 'returned')", name="state"),
        CheckConstraint(
            "(dispute_id IS NULL) <> (vendor_id IS NULL) AND (vendor_id IS NULL"
            " OR kind = 'write_off')",
            name="about_one",
        ),
        CheckConstraint("amount_minor > 0 AND note <> ''", name="says_how_much_and_why"),
        CheckConstraint(
            "state <> 'confirmed' OR (checker_id IS NOT NULL AND maker_id <> checker_id)",
            name="confirmed_by_two",
        ),
        CheckConstraint("(state = 'proposed') = (closed_at IS NULL)", name="closed_has_instant"),
        CheckConstraint(
            "(state = 'confirmed' AND kind = 'write_off') = (journal_id IS NOT NULL)",
            name="booked_once_confirmed",
        ),
        Index(
            "uq_losses_one_open",
            "dispute_id",
            unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
        Index(
            "uq_losses_one_open_vendor",
            "vendor_id",
            "currency",
            unique=True,
            postgresql_where=text("state = 'proposed'"),
        ),
        Index("ix_losses_vendor_id", "vendor_id", "currency", "proposed_at"),
        Index("ix_losses_dispute_id", "dispute_id", "proposed_at"),
        Index("ix_losses_closed_at", "closed_at"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    dispute_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.card_disputes.id"))
    vendor_id: Mapped[UUID | None]
    kind: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    note: Mapped[str]
    state: Mapped[str]
    maker_id: Mapped[UUID]
    checker_id: Mapped[UUID | None]
    journal_id: Mapped[int | None] = mapped_column(BigInteger)
    proposed_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


# What rooms above may join.
READABLE = (Loss,)
