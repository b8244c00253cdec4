"""Lines of others' books as they came, comparisons, and differences."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base

_SCHEMA = {"schema": "banking"}


class StatementLine(Base):
    """A line of somebody else's book as it came; evidence.

    Shape: source is network or bank; reference names what it is about, as our own books do.
    Units: minor units, what it adds to our claim; at is their time, imported_at ours.
    """

    __tablename__ = "statement_lines"
    __table_args__ = (
        Index("ix_statement_lines_imported_at", "source", "imported_at"),
        Index("ix_statement_lines_reference", "source", "reference"),
        _SCHEMA,
    )

    source: Mapped[str] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(primary_key=True)
    reference: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    at: Mapped[datetime]
    imported_at: Mapped[datetime]


class Comparison(Base):
    """One comparison of two books; evidence. Units: compared counts lines of both."""

    __tablename__ = "comparisons"
    __table_args__ = (Index("ix_comparisons_pair", "pair", "ran_at"), _SCHEMA)

    id: Mapped[UUID] = mapped_column(primary_key=True)
    pair: Mapped[str]
    since: Mapped[datetime]
    until: Mapped[datetime]
    ran_at: Mapped[datetime]
    compared: Mapped[int]
    found: Mapped[int]


class Difference(Base):
    """What two books do not agree on, until somebody ends it.

    Shape: id is derived from what was found, so that finding it again changes nothing.
    Units: minor units, what each book adds to our claim.
    """

    __tablename__ = "differences"
    __table_args__ = (
        CheckConstraint("kind IN ('missing', 'duplicate', 'wrong_amount', 'unknown')", name="kind"),
        CheckConstraint(
            "state IN ('open', 'proposed', 'matched', 'explained', 'booked')", name="state"
        ),
        CheckConstraint(
            "(state IN ('open', 'proposed')) = (closed_at IS NULL)", name="closed_has_instant"
        ),
        CheckConstraint(
            "state <> 'booked' OR (maker_id IS NOT NULL AND checker_id IS NOT NULL"
            " AND maker_id <> checker_id AND journal_id IS NOT NULL)",
            name="booked_by_two",
        ),
        CheckConstraint("ours_minor <> theirs_minor", name="differs"),
        Index("ix_differences_reference", "pair", "reference"),
        Index(
            "ix_differences_waiting", "at", postgresql_where=text("state IN ('open', 'proposed')")
        ),
        Index("ix_differences_closed_at", "closed_at"),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    pair: Mapped[str]
    kind: Mapped[str]
    reference: Mapped[str]
    ours_minor: Mapped[int] = mapped_column(BigInteger)
    theirs_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    state: Mapped[str]
    at: Mapped[datetime]
    found_at: Mapped[datetime]
    closed_at: Mapped[datetime | None]
    note: Mapped[str] = mapped_column(server_default="")
    maker_id: Mapped[UUID | None]
    checker_id: Mapped[UUID | None]
    journal_id: Mapped[int | None] = mapped_column(BigInteger)


# What rooms above may join.
READABLE = (Comparison, Difference)
