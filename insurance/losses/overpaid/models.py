"""Cases of losses that were paid twice; their history stands with the claim's."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from insurance.losses.overpaid.rules import CameFrom, OverpaidState
from kernel.checks import one_of
from kernel.db import Base


class Overpayment(Base):
    """Money that came for a loss which the cover had paid; one case for a claim and its cause.

    Units: minor units of currency. Shape: cause_id is the news that told of the money, or stands
    for the paper of an officer, whom words name; reply is why its holder does not give it back;
    proposal is why one underwriter wants to drop it, until a second one confirms.
    """

    __tablename__ = "overpayments"
    __table_args__ = (
        UniqueConstraint(
            "claim_id", "came_from", "cause_id", name="uq_overpayments_claim_id_came_from_cause_id"
        ),
        CheckConstraint("amount > 0", name="amount_is_positive"),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('returned', 'dropped'))",
            name="closed_has_instant",
        ),
        Index("ix_overpayments_policyholder_id", "policyholder_id"),
        Index(
            "ix_overpayments_open",
            "opened_at",
            postgresql_where=text("state IN ('waiting', 'open')"),
        ),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.claims.id"))
    policyholder_id: Mapped[UUID]
    came_from: Mapped[str] = mapped_column(one_of("came_from", CameFrom))
    cause_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(one_of("state", OverpaidState))
    currency: Mapped[str]
    came: Mapped[int] = mapped_column(BigInteger)
    amount: Mapped[int] = mapped_column(BigInteger)
    words: Mapped[str] = mapped_column(server_default="")
    reply: Mapped[str] = mapped_column(server_default="")
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    approval_id: Mapped[UUID | None]
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
