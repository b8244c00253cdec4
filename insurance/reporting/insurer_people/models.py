"""People of insurers, from the proposal to the end of their access."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class InsurerPerson(Base):
    """Somebody who may look at an insurer's figures, and who let them in and out.

    Shape: email is where the link goes; token_digest and expires_at are of the last link that was
    sent; person_id is who joined by it. Somebody who comes back is another row, so rows are the
    history; who ended it and why stand in the row.
    """

    __tablename__ = "insurer_people"
    __table_args__ = (
        CheckConstraint("role IN ('reader', 'treasurer')", name="role_known"),
        CheckConstraint("email = lower(email)", name="email_is_lower_case"),
        CheckConstraint("proposed_by <> sent_by", name="two_people"),
        CheckConstraint(
            "num_nonnulls(sent_by, sent_at, token_digest, expires_at) IN (0, 4)",
            name="sent_as_a_whole",
        ),
        CheckConstraint(
            "(joined_at IS NULL) = (person_id IS NULL)"
            " AND (joined_at IS NULL OR sent_at IS NOT NULL)",
            name="joined_by_a_link",
        ),
        CheckConstraint("(ended_at IS NULL) = (ended_by IS NULL)", name="ended_by_somebody"),
        Index(
            "uq_insurer_people_email",
            "email",
            unique=True,
            postgresql_where=sql("ended_at IS NULL"),
        ),
        Index(
            "uq_insurer_people_person_id",
            "person_id",
            unique=True,
            postgresql_where=sql("ended_at IS NULL AND person_id IS NOT NULL"),
        ),
        Index("uq_insurer_people_token_digest", "token_digest", unique=True),
        Index("ix_insurer_people_insurer_key", "insurer_key"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    insurer_key: Mapped[str]
    email: Mapped[str]
    role: Mapped[str]
    proposed_by: Mapped[UUID]
    proposed_at: Mapped[datetime]
    sent_by: Mapped[UUID | None]
    sent_at: Mapped[datetime | None]
    token_digest: Mapped[str | None]
    expires_at: Mapped[datetime | None]
    person_id: Mapped[UUID | None]
    joined_at: Mapped[datetime | None]
    ended_by: Mapped[UUID | None]
    ended_at: Mapped[datetime | None]
    reason: Mapped[str]
