"""Addresses of programs, and the letters to them."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy import text as sql
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Endpoint(Base):
    """Where a program hears of what happens to a person.

    Shape: secret and secret_before lie locked; the latter signs too until before_until; paused_at
    is set when the receiver asked never to be written to again.
    """

    __tablename__ = "endpoint"
    __table_args__ = (
        CheckConstraint(
            "(secret_before IS NULL) = (before_until IS NULL)", name="earlier_secret_ends"
        ),
        Index("ix_endpoint_person_id", "person_id"),
        {"schema": "kernel"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("kernel.person.id"))
    url: Mapped[str]
    secret: Mapped[bytes]
    secret_before: Mapped[bytes | None]
    before_until: Mapped[datetime | None]
    made_at: Mapped[datetime]
    paused_at: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]


class EndpointLetter(Base):
    """One letter to one address; every try sends the same bytes.

    Shape: event_id is what receivers know a repeat by; said is how the last try ended: the status,
    or a word of ours. Units: due_at and tried_at are real time, as all retries.
    """

    __tablename__ = "endpoint_letter"
    __table_args__ = (
        CheckConstraint("attempts >= 0", name="attempts_counted"),
        Index(
            "uq_endpoint_letter_endpoint_id_event_id",
            "endpoint_id",
            "event_id",
            unique=True,
            postgresql_where=sql("NOT is_again"),
        ),
        Index("ix_endpoint_letter_endpoint_id_id", "endpoint_id", "id"),
        Index(
            "ix_endpoint_letter_due_at",
            "due_at",
            postgresql_where=sql("done_at IS NULL AND given_up_at IS NULL"),
        ),
        {"schema": "kernel"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    endpoint_id: Mapped[UUID] = mapped_column(ForeignKey("kernel.endpoint.id"))
    event_id: Mapped[UUID]
    kind: Mapped[str]
    body: Mapped[str]
    is_again: Mapped[bool]
    due_at: Mapped[datetime]
    attempts: Mapped[int]
    tried_at: Mapped[datetime | None]
    said: Mapped[str]
    done_at: Mapped[datetime | None]
    given_up_at: Mapped[datetime | None]
