"""What became of guests."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Guest(Base):
    """Somebody who buys without an account, beside their row among people.

    Shape: bought_at is their first purchase, and nobody with one is forgotten; once an account has
    taken everything of theirs along, over_at says when and taken_by whose it is.
    """

    __tablename__ = "guest"
    __table_args__ = (
        CheckConstraint("(over_at IS NULL) = (taken_by IS NULL)", name="over_once_taken"),
        Index("ix_guest_opened_at", "opened_at"),
        Index("ix_guest_taken_by", "taken_by", postgresql_where=sql("taken_by IS NOT NULL")),
        {"schema": "kernel"},
    )

    person_id: Mapped[UUID] = mapped_column(ForeignKey("kernel.person.id"), primary_key=True)
    opened_at: Mapped[datetime]
    bought_at: Mapped[datetime | None]
    over_at: Mapped[datetime | None]
    taken_by: Mapped[UUID | None] = mapped_column(ForeignKey("kernel.person.id"))
