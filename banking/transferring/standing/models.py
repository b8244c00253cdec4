"""Standing orders and what became of each period."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base

_SCHEMA = {"schema": "banking"}


class StandingOrder(Base):
    """The same payment again and again.

    Units: minor units. Shape: number counts periods that are over, next_on is when the next one is
    paid, None when none comes; person_id is who approved it; tries counts how often the present
    period could not be paid, retry_at is when it is tried again.
    """

    __tablename__ = "standing_orders"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("cadence IN ('weekly', 'monthly', 'quarterly', 'yearly')", name="cadence"),
        CheckConstraint(
            "state IN ('awaiting_approval', 'active', 'paused', 'ended')", name="state"
        ),
        CheckConstraint("last_on IS NULL OR last_on >= first_on", name="last_after_first"),
        Index("ix_standing_orders_owner_id", "owner_id", "id"),
        Index(
            "ix_standing_orders_next_on",
            "next_on",
            postgresql_where=text("state = 'active' AND next_on IS NOT NULL"),
        ),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[UUID]
    person_id: Mapped[UUID]
    account: Mapped[str]
    payee_name: Mapped[str]
    payee_account: Mapped[str]
    is_internal: Mapped[bool]
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    remittance: Mapped[str]
    cadence: Mapped[str]
    first_on: Mapped[date]
    last_on: Mapped[date | None]
    number: Mapped[int] = mapped_column(default=0)
    next_on: Mapped[date | None]
    tries: Mapped[int] = mapped_column(default=0, server_default="0")
    retry_at: Mapped[datetime | None]
    state: Mapped[str]
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.approvals.id"))
    begun_at: Mapped[datetime]


class StandingRun(Base):
    """One period of a standing order: paid, failed or missed, once and for ever."""

    __tablename__ = "standing_runs"
    __table_args__ = (
        CheckConstraint("result IN ('paid', 'failed', 'missed')", name="result"),
        CheckConstraint("(result = 'paid') = (transfer_ref IS NOT NULL)", name="paid_by_one"),
        _SCHEMA,
    )

    order_id: Mapped[UUID] = mapped_column(
        ForeignKey("banking.standing_orders.id"), primary_key=True
    )
    period: Mapped[str] = mapped_column(primary_key=True)
    due_on: Mapped[date]
    result: Mapped[str]
    reason: Mapped[str]
    transfer_ref: Mapped[str | None]
    at: Mapped[datetime]
