"""What drafts of tariffs would have made of the policies of late."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, ForeignKey, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class ShadowRun(Base):
    """A draft's edition, rated against the policies of late.

    Shape: result as `rules.compared` returns it, None until it is done.
    """

    __tablename__ = "shadow_runs"
    __table_args__ = (
        CheckConstraint("(done_at IS NULL) = (result IS NULL)", name="done_has_result"),
        Index("uq_shadow_runs_draft_id_edition", "draft_id", "edition", unique=True),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    draft_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.tariff_drafts.id"))
    edition: Mapped[int]
    asked_by: Mapped[UUID]
    asked_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    done_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    result: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
