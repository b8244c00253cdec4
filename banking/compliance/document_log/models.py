"""Who opened a document, and which were deleted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class DocumentOpening(Base):
    """An officer opened a document and said why; append-only."""

    __tablename__ = "document_openings"
    __table_args__ = (
        CheckConstraint("why IN ('decide', 'customer', 'complaint', 'authority')", name="why"),
        Index("ix_document_openings_document_id", "document_id", "at"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    document_id: Mapped[UUID] = mapped_column(ForeignKey("banking.application_documents.id"))
    officer_id: Mapped[UUID]
    why: Mapped[str]
    at: Mapped[datetime]


class DocumentDeletion(Base):
    """A file whose time was over; append-only. The document's row stays, with its hash.

    Shape: outcome, months and source are those of the rule that ended it.
    """

    __tablename__ = "document_deletions"
    __table_args__ = ({"schema": "banking"},)

    document_id: Mapped[UUID] = mapped_column(
        ForeignKey("banking.application_documents.id"), primary_key=True
    )
    outcome: Mapped[str]
    months: Mapped[int]
    source: Mapped[str]
    at: Mapped[datetime]
