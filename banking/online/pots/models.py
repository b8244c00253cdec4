"""Pots and what was put in and taken out; the money itself is a hold of the ledger."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Pot(Base):
    """Money of a wallet under a name of its owner's.

    Units: target_minor in minor units of the wallet. Shape: hold_id is the hold that keeps what is
    in it, NULL while it is empty.
    """

    __tablename__ = "pots"
    __table_args__ = (
        CheckConstraint("target_minor > 0", name="target_positive"),
        CheckConstraint("char_length(name) BETWEEN 1 AND 60", name="name_fits"),
        CheckConstraint("closed_at IS NULL OR hold_id IS NULL", name="closed_is_empty"),
        Index("ix_pots_open_wallet_id", "wallet_id", postgresql_where=text("closed_at IS NULL")),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    wallet_id: Mapped[UUID] = mapped_column(ForeignKey("banking.wallets.id"))
    name: Mapped[str]
    target_minor: Mapped[int | None] = mapped_column(BigInteger)
    due_on: Mapped[date | None]
    hold_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.holds.id"))
    opened_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class PotMove(Base):
    """What went into a pot or came out of it; append-only. Units: amount_minor, minor units."""

    __tablename__ = "pot_moves"
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="something_moved"),
        Index("ix_pot_moves_pot_id_seq", "pot_id", "seq"),
        {"schema": "banking"},
    )

    key: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, Identity())
    pot_id: Mapped[UUID] = mapped_column(ForeignKey("banking.pots.id"))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    moved_at: Mapped[datetime]
