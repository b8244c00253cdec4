"""Closings that were asked for, and those that were done."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Closing(Base):
    """Somebody wants one wallet closed, or the whole account.

    Shape: wallet_id is None for the account with every wallet in it; done_at is None until the
    approval, and for good when it was never given.
    """

    __tablename__ = "closings"
    __table_args__ = (
        Index("ix_closings_owner_id", "owner_id", "asked_at"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[UUID]
    person_id: Mapped[UUID]
    wallet_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.wallets.id"))
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.approvals.id"))
    asked_at: Mapped[datetime]
    done_at: Mapped[datetime | None]
