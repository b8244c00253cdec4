"""Batches, their groups and lines, what was wrong with them, and the files they came in."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    ForeignKey,
    ForeignKeyConstraint,
    Identity,
    Index,
    LargeBinary,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banking.transferring.transfers.queries import Outcome
from kernel.checks import one_of
from kernel.db import Base

_SCHEMA = {"schema": "banking"}
_COUNTS = text("state IN ('checked', 'approved', 'finished')")


class Batch(Base):
    """Payments that are approved as one.

    Units: minor units. Shape: digest is of the content, so the same content is found again;
    number and total are of the groups that can be paid.
    """

    __tablename__ = "batches"
    __table_args__ = (
        CheckConstraint("source IN ('upload', 'payouts')", name="source"),
        CheckConstraint(
            "state IN ('checked', 'refused', 'approved', 'finished', 'cancelled')", name="state"
        ),
        Index("ix_batches_owner_id", "owner_id", "id"),
        Index(
            "ix_batches_open",
            "opened_at",
            postgresql_where=text("state IN ('checked', 'approved')"),
        ),
        Index(
            "uq_batches_message_id", "owner_id", "message_id", unique=True, postgresql_where=_COUNTS
        ),
        Index("uq_batches_digest", "owner_id", "digest", unique=True, postgresql_where=_COUNTS),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[UUID]
    person_id: Mapped[UUID | None]
    source: Mapped[str]
    file_name: Mapped[str]
    message_id: Mapped[str]
    digest: Mapped[bytes] = mapped_column(LargeBinary)
    state: Mapped[str]
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.approvals.id"))
    opened_at: Mapped[datetime]
    approved_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]


class BatchFile(Base):
    """A file as it came, for ever."""

    __tablename__ = "batch_files"
    __table_args__ = (_SCHEMA,)

    batch_id: Mapped[UUID] = mapped_column(primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class BatchGroup(Base):
    """Payments from one wallet on one day: all of them or none. Shape: reason is a code of ours."""

    __tablename__ = "batch_groups"
    __table_args__ = (
        CheckConstraint(
            "state IN ('ready', 'refused', 'waiting', 'booked', 'declined', 'cancelled')",
            name="state",
        ),
        CheckConstraint("state = 'refused' OR wallet_id IS NOT NULL", name="wallet_when_payable"),
        Index("ix_batch_groups_waiting", "due_on", postgresql_where=text("state = 'waiting'")),
        Index(
            "ix_batch_groups_open",
            "wallet_id",
            postgresql_where=text("state IN ('ready', 'waiting')"),
        ),
        _SCHEMA,
    )

    batch_id: Mapped[UUID] = mapped_column(ForeignKey("banking.batches.id"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    group_ref: Mapped[str]
    debtor: Mapped[str]
    wallet_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.wallets.id"))
    person_id: Mapped[UUID | None]
    due_on: Mapped[date | None]
    lines: Mapped[int]
    total_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    closed_at: Mapped[datetime | None]


class BatchLine(Base):
    """One payment as it was given, for ever.

    Units: minor units. Shape: transfer_id is what it becomes once its group is booked; written is
    the amount as it stood there, for a line that has none.
    """

    __tablename__ = "batch_lines"
    __table_args__ = (
        ForeignKeyConstraint(
            ["batch_id", "group_number"],
            ["banking.batch_groups.batch_id", "banking.batch_groups.number"],
            name="fk_batch_lines_group",
        ),
        Index("ix_batch_lines_end_to_end", "owner_id", "end_to_end"),
        Index("uq_batch_lines_transfer_id", "transfer_id", unique=True),
        _SCHEMA,
    )

    batch_id: Mapped[UUID] = mapped_column(primary_key=True)
    group_number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    owner_id: Mapped[UUID]
    transfer_id: Mapped[UUID]
    instruction_id: Mapped[str]
    end_to_end: Mapped[str]
    name: Mapped[str]
    account: Mapped[str]
    currency: Mapped[str]
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    written: Mapped[str]
    reference: Mapped[str]
    outcome: Mapped[str] = mapped_column(one_of("outcome", Outcome))
    holder_name: Mapped[str]


class BatchFault(Base):
    """What kept a batch, a group or a line from being paid, for ever. Shape: as rules.Fault."""

    __tablename__ = "batch_faults"
    __table_args__ = (Index("ix_batch_faults_batch_id", "batch_id", "id"), _SCHEMA)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    batch_id: Mapped[UUID] = mapped_column(ForeignKey("banking.batches.id"))
    group_number: Mapped[int]
    line_number: Mapped[int]
    field: Mapped[str]
    code: Mapped[str]
    kind: Mapped[str]
    value: Mapped[str]
