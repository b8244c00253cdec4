"""A customer of the bank, person or organisation, with what the bank must know first."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, SmallInteger
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Customer(Base):
    """A person or organisation that may hold money.

    Shape: id is the owner's id in the house; tier is how well the bank knows them: 0 an e-mail
    address, 1 who they say they are, 2 documents that show it; closed_at is when they left, from
    which the time of what they showed runs.
    """

    __tablename__ = "customers"
    __table_args__ = (
        CheckConstraint("kind IN ('person', 'organisation')", name="kind"),
        CheckConstraint("tier BETWEEN 0 AND 2", name="tier"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    kind: Mapped[str]
    country: Mapped[str]
    locale: Mapped[str]
    tier: Mapped[int] = mapped_column(SmallInteger, server_default="0", default=0)
    since: Mapped[datetime]
    closed_at: Mapped[datetime | None]


class TierGrant(Base):
    """Why a customer has a tier; append-only.

    Shape: basis is `identity` or `documents` with the application's reference as evidence, or
    `vouched` with the words of whoever vouched.
    """

    __tablename__ = "tier_grants"
    __table_args__ = (
        CheckConstraint("basis IN ('identity', 'documents', 'vouched')", name="basis"),
        CheckConstraint("tier BETWEEN 1 AND 2", name="tier"),
        Index("ix_tier_grants_customer_id", "customer_id", "granted_at"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    customer_id: Mapped[UUID] = mapped_column(ForeignKey("banking.customers.id"))
    tier: Mapped[int] = mapped_column(SmallInteger)
    basis: Mapped[str]
    evidence: Mapped[str]
    granted_at: Mapped[datetime]
    granted_by: Mapped[UUID | None]


# What rooms above may join.
READABLE = (Customer,)
