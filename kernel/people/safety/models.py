"""The log of a person's safety, and who may spend only little for a while."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.checks import one_of
from kernel.db import Base
from kernel.people.safety.rules import Kind


class SafetyEntry(Base):
    """One line of the log. Shape: data holds plain values for the sentence, never a secret."""

    __tablename__ = "safety_log"
    __table_args__ = (Index("ix_safety_log_person_id_id", "person_id", "id"), {"schema": "kernel"})

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[UUID]
    at: Mapped[datetime]
    kind: Mapped[str] = mapped_column(one_of("kind", Kind))
    session_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)


class ReducedSpending(Base):
    """Somebody who got back in without everything they once proved: little may be spent till then.

    Shape: a row stays when its time is over; a later reason moves it on, never back.
    """

    __tablename__ = "reduced_spending"
    __table_args__ = {"schema": "kernel"}

    person_id: Mapped[UUID] = mapped_column(ForeignKey("kernel.person.id"), primary_key=True)
    until: Mapped[datetime]


# What rooms above may join.
READABLE = (SafetyEntry,)
