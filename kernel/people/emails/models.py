"""Changes of e-mail addresses."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class EmailChange(Base):
    """Somebody wants another address.

    Shape: both tokens are digests; ended_at is set when it was taken back, before or after it
    counted, or when a later one was asked for.
    """

    __tablename__ = "email_change"
    __table_args__ = (
        CheckConstraint("before <> after", name="another_address"),
        CheckConstraint("expires_at > asked_at", name="open_for_a_while"),
        CheckConstraint(
            "(confirmed_at IS NULL) = (back_until IS NULL)", name="way_back_once_confirmed"
        ),
        Index(
            "uq_email_change_person_id",
            "person_id",
            unique=True,
            postgresql_where=sql("confirmed_at IS NULL AND ended_at IS NULL"),
        ),
        {"schema": "kernel"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("kernel.person.id"))
    before: Mapped[str]
    after: Mapped[str]
    confirm_digest: Mapped[str] = mapped_column(unique=True)
    back_digest: Mapped[str] = mapped_column(unique=True)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    back_until: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
