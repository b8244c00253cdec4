"""Changes of policies: each a stored price, shown before anything is done."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from insurance.contracts.changes.rules import Kind
from kernel.checks import one_of
from kernel.db import Base


class Change(Base):
    """A change of a policy as it was priced and shown; executed as it stands here or never.

    Units: minor units of currency; due is paid by the holder, back goes back. Shape: on_revision
    and standing say what the policy was like; outcome holds what the change makes of it, as plain
    values; holder_id asked for it, taker_id is who is to hold the policy, None where no account has
    the address or none is asked.
    """

    __tablename__ = "changes"
    __table_args__ = (
        CheckConstraint("due >= 0 AND back >= 0", name="sums_are_positive"),
        # Of any number of changes shown for a revision one is executed, whatever runs at once.
        Index(
            "uq_changes_policy_id_on_revision",
            "policy_id",
            "on_revision",
            unique=True,
            postgresql_where=text("executed_at IS NOT NULL"),
        ),
        Index("ix_changes_policy_id_created_at", "policy_id", "created_at"),
        Index("ix_changes_taker_id", "taker_id", postgresql_where=text("taker_id IS NOT NULL")),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.policies.id"))
    on_revision: Mapped[int]
    kind: Mapped[str] = mapped_column(one_of("kind", Kind))
    standing: Mapped[str]
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB)
    currency: Mapped[str]
    due: Mapped[int] = mapped_column(BigInteger)
    back: Mapped[int] = mapped_column(BigInteger)
    holder_id: Mapped[UUID]
    taker_id: Mapped[UUID | None]
    approval_id: Mapped[UUID | None]
    created_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    offered_at: Mapped[datetime | None]
    declined_at: Mapped[datetime | None]
    executed_at: Mapped[datetime | None]
