"""Resets of a lost second factor."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class FactorReset(Base):
    """Somebody with the password says that the factor is lost; cancelled or done, never both."""

    __tablename__ = "factor_reset"
    __table_args__ = (
        CheckConstraint("cancelled_at IS NULL OR done_at IS NULL", name="ends_once"),
        Index(
            "uq_factor_reset_person_id",
            "person_id",
            unique=True,
            postgresql_where=sql("cancelled_at IS NULL AND done_at IS NULL"),
        ),
        {"schema": "kernel"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("kernel.person.id"))
    token_digest: Mapped[str] = mapped_column(unique=True)
    asked_at: Mapped[datetime]
    due_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
