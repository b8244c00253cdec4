"""Drafts of tariffs and the tariffs that people published."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, Date, DateTime, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from insurance.rating.drafts.rules import DraftState
from kernel.checks import one_of
from kernel.db import Base


class TariffDraft(Base):
    """A tariff that is being written, whole.

    Shape: document is laid out as the packaged file; edition counts what was saved, rated_edition
    is the one that was rated against the policies of late; based_on and version are names of
    published tariffs, version None until this one is; reason is why it was sent back last.
    """

    __tablename__ = "tariff_drafts"
    __table_args__ = (
        CheckConstraint(
            "state = 'open' OR (proposed_by IS NOT NULL AND valid_from IS NOT NULL)",
            name="proposed_by_somebody",
        ),
        CheckConstraint("(state = 'published') = (version IS NOT NULL)", name="published_is_named"),
        Index("ix_tariff_drafts_created_at", "created_at"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    insurer_key: Mapped[str]
    based_on: Mapped[str]
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    edition: Mapped[int]
    rated_edition: Mapped[int | None]
    state: Mapped[str] = mapped_column(one_of("state", DraftState))
    author_id: Mapped[UUID]
    proposed_by: Mapped[UUID | None]
    valid_from: Mapped[date | None] = mapped_column(Date)
    version: Mapped[str | None]
    reason: Mapped[str]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    changed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class TariffPublication(Base):
    """A tariff by which cover is sold from a day on; never changed, never taken back.

    Shape: accepted maps each worked case that it moved to the reason why that is right; sha256 is
    of the document, in hexadecimal digits.
    """

    __tablename__ = "tariff_publications"
    __table_args__ = (
        CheckConstraint("proposed_by <> published_by", name="two_people"),
        Index(
            "uq_tariff_publications_insurer_key_valid_from",
            "insurer_key",
            "valid_from",
            unique=True,
        ),
        {"schema": "insurance"},
    )

    version: Mapped[str] = mapped_column(primary_key=True)
    insurer_key: Mapped[str]
    based_on: Mapped[str]
    valid_from: Mapped[date] = mapped_column(Date)
    document: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sha256: Mapped[str]
    accepted: Mapped[dict[str, str]] = mapped_column(JSONB)
    proposed_by: Mapped[UUID]
    published_by: Mapped[UUID]
    published_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
