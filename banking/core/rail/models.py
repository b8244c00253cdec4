"""Messages of the rail as they came, and the books of the local stand-in."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base

_SCHEMA = {"schema": "banking"}


class RailMessage(Base):
    """A notification as it came, once. Shape: place is the rail's own running number."""

    __tablename__ = "rail_messages"
    __table_args__ = (_SCHEMA,)

    message_id: Mapped[str] = mapped_column(primary_key=True)
    place: Mapped[int] = mapped_column(BigInteger, index=True)
    document: Mapped[str]
    received_at: Mapped[datetime]


class StandInOrder(Base):
    """A payment in the stand-in's books. Shape: reason says why it comes back, or nothing."""

    __tablename__ = "rail_orders"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        Index("ix_rail_orders_due", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        _SCHEMA,
    )

    key: Mapped[UUID] = mapped_column(primary_key=True)
    end_to_end: Mapped[str] = mapped_column(unique=True)
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    creditor_name: Mapped[str]
    creditor_account: Mapped[str]
    remittance: Mapped[str]
    arrives_on: Mapped[date]
    due_at: Mapped[datetime | None]
    is_booked: Mapped[bool] = mapped_column(default=False)
    is_doubled: Mapped[bool] = mapped_column(default=False)
    reason: Mapped[str] = mapped_column(default="")


class StandInNotice(Base):
    """A notification that the stand-in hands out to whoever asks."""

    __tablename__ = "rail_notices"
    __table_args__ = (_SCHEMA,)

    place: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    message_id: Mapped[str] = mapped_column(unique=True)
    document: Mapped[str]


class StandInLine(Base):
    """A line of the stand-in's own books. Shape: book is orders or statement.

    Units: minor units, negative for what left our account.
    """

    __tablename__ = "rail_lines"
    __table_args__ = (Index("ix_rail_lines_at", "book", "at"), _SCHEMA)

    place: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    book: Mapped[str]
    end_to_end: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    at: Mapped[datetime]


class StandInFault(Base):
    """How the stand-in is to misbehave, so many times. Shape: reason is an ISO 20022 code."""

    __tablename__ = "rail_faults"
    __table_args__ = (CheckConstraint("remaining >= 0", name="remaining"), _SCHEMA)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    reason: Mapped[str]
    remaining: Mapped[int]
