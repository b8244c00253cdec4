"""Links to a new password."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class PasswordLink(Base):
    """A link that was mailed to somebody who forgot the password.

    Shape: the token is a digest; email is where it went and password_mark of which password, for
    with either of them changed it counts no more; ended_at is set when a later link was sent,
    done_at when a new password came by it.
    """

    __tablename__ = "password_link"
    __table_args__ = (
        CheckConstraint("expires_at > asked_at", name="open_for_a_while"),
        CheckConstraint("ended_at IS NULL OR done_at IS NULL", name="ends_once"),
        Index(
            "uq_password_link_person_id",
            "person_id",
            unique=True,
            postgresql_where=sql("ended_at IS NULL AND done_at IS NULL"),
        ),
        Index("ix_password_link_person_id_asked_at", "person_id", "asked_at"),
        {"schema": "kernel"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("kernel.person.id"))
    token_digest: Mapped[str] = mapped_column(unique=True)
    email: Mapped[str]
    password_mark: Mapped[str]
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
