"""What people turned off."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class NoticeOff(Base):
    """A person does not want a kind of mail; without a row it is sent."""

    __tablename__ = "notice_off"
    __table_args__ = {"schema": "kernel"}

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    notice: Mapped[str] = mapped_column(primary_key=True)
    off_at: Mapped[datetime]
