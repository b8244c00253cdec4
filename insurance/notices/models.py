"""Notices of loss that wait to be finished."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import DateTime, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class NoticeDraft(Base):
    """A notice as far as it was typed; none of it is checked before it is sent.

    Shape: loss is an amount as its holder wrote it.
    """

    __tablename__ = "notice_drafts"
    __table_args__ = (
        Index("ix_notice_drafts_policyholder_id", "policyholder_id"),
        {"schema": "insurance"},
    )

    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.policies.id"), primary_key=True)
    policyholder_id: Mapped[UUID]
    cause: Mapped[str]
    loss: Mapped[str]
    description: Mapped[str]
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
