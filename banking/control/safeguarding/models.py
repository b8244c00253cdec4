"""Which accounts count, what each day came to, top-ups, and resolution packs."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKeyConstraint, Index, LargeBinary, text
from sqlalchemy.orm import Mapped, mapped_column

from banking.control.safeguarding.rules import Side
from kernel.checks import one_of
from kernel.db import Base

_SCHEMA = {"schema": "banking"}


class SafeguardingScope(Base):
    """From which day on a kind of account counts, on which side, and by what rule."""

    __tablename__ = "safeguarding_scope"
    __table_args__ = (CheckConstraint("side IN ('owed', 'resource', 'none')", name="side"), _SCHEMA)

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str]
    source: Mapped[str]


class SafeguardingDay(Base):
    """What a currency came to at the end of a day; evidence. Units: minor units."""

    __tablename__ = "safeguarding_days"
    __table_args__ = (_SCHEMA,)

    on: Mapped[date] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    requirement_minor: Mapped[int] = mapped_column(BigInteger)
    resource_minor: Mapped[int] = mapped_column(BigInteger)
    computed_at: Mapped[datetime]


class SafeguardingPart(Base):
    """What a kind of account contributed to a day; evidence. Units: minor units."""

    __tablename__ = "safeguarding_parts"
    __table_args__ = (
        ForeignKeyConstraint(
            ["on", "currency"],
            ["banking.safeguarding_days.on", "banking.safeguarding_days.currency"],
        ),
        _SCHEMA,
    )

    on: Mapped[date] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    kind: Mapped[str] = mapped_column(primary_key=True)
    side: Mapped[str] = mapped_column(one_of("side", Side))
    amount_minor: Mapped[int] = mapped_column(BigInteger)


class SafeguardingTopUp(Base):
    """Own money that is to be moved beside the customers' for a day that was short."""

    __tablename__ = "safeguarding_top_ups"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("state IN ('proposed', 'signed', 'booked', 'covered')", name="state"),
        CheckConstraint(
            "state <> 'booked' OR (maker_id IS NOT NULL AND checker_id IS NOT NULL"
            " AND maker_id <> checker_id AND journal_id IS NOT NULL)",
            name="booked_by_two",
        ),
        CheckConstraint(
            "(state IN ('booked', 'covered')) = (closed_at IS NOT NULL)", name="closed_has_instant"
        ),
        Index(
            "uq_safeguarding_top_ups_open",
            "currency",
            unique=True,
            postgresql_where=text("state IN ('proposed', 'signed')"),
        ),
        Index("ix_safeguarding_top_ups_on", "on"),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    on: Mapped[date]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    state: Mapped[str]
    proposed_at: Mapped[datetime]
    maker_id: Mapped[UUID | None]
    checker_id: Mapped[UUID | None]
    journal_id: Mapped[int | None] = mapped_column(BigInteger)
    closed_at: Mapped[datetime | None]


class ResolutionPack(Base):
    """Everything an administrator needs to pay customers out, as one file.

    Shape: content and sha256 are there once it is made; a made pack stays as it is.
    """

    __tablename__ = "resolution_packs"
    __table_args__ = (
        CheckConstraint("(content IS NULL) = (made_at IS NULL)", name="made_has_instant"),
        Index("ix_resolution_packs_asked_at", "asked_at"),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    asked_by: Mapped[UUID | None]
    asked_at: Mapped[datetime]
    made_at: Mapped[datetime | None]
    content: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    sha256: Mapped[str] = mapped_column(server_default="")
    size: Mapped[int] = mapped_column(BigInteger, server_default="0")
