"""A customer of the bank, person or organisation, with what the bank must know first."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Customer(Base):
    """A person or organisation that may hold money. Shape: id is the owner's id in the house."""

    __tablename__ = "customers"
    __table_args__ = (
        CheckConstraint("kind IN ('person', 'organisation')", name="kind"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    country: Mapped[str]
    locale: Mapped[str]
    since: Mapped[datetime]
