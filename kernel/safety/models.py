"""The log of a person's safety."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, Identity, Index
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class SafetyEntry(Base):
    """One line of the log. Shape: data holds plain values for the sentence, never a secret."""

    __tablename__ = "safety_log"
    __table_args__ = (Index("ix_safety_log_person_id_id", "person_id", "id"), {"schema": "kernel"})

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    person_id: Mapped[UUID]
    at: Mapped[datetime]
    kind: Mapped[str]
    session_id: Mapped[UUID | None]
    data: Mapped[dict[str, Any]] = mapped_column(JSONB)
