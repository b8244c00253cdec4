"""Keys of programs, as they are kept."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, Text
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class ProgramKey(Base):
    """A key by which a program acts for a person.

    Shape: digest is of the whole key, which is kept nowhere; scopes are names that packages give;
    used_on is the last day it opened something; ended_at is set when it was taken back.
    """

    __tablename__ = "program_key"
    __table_args__ = (
        CheckConstraint("expires_at > made_at", name="open_for_a_while"),
        CheckConstraint("cardinality(scopes) > 0", name="for_something"),
        Index("ix_program_key_person_id_made_at", "person_id", "made_at"),
        {"schema": "kernel"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID] = mapped_column(ForeignKey("kernel.person.id"))
    label: Mapped[str]
    name: Mapped[str]
    digest: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]] = mapped_column(ARRAY(Text))
    made_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    used_on: Mapped[date | None]
    ended_at: Mapped[datetime | None]
