"""Cases of found parcels; their history stands with the claim's."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, DateTime, ForeignKey, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from insurance.losses.salvage.rules import RecoveryState, Whereabouts
from kernel.checks import one_of
from kernel.db import Base


class Recovery(Base):
    """A parcel found after its loss was indemnified; one case for a claim, by constraint.

    Units: minor units of currency. Shape: dues are credits of (kind, key, minor) that the holder
    had back with the loss and owes again when the goods are kept.
    """

    __tablename__ = "recoveries"
    __table_args__ = (
        CheckConstraint("indemnity > 0 AND salvage >= 0", name="amounts_are_not_negative"),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('kept', 'closed'))", name="closed_has_instant"
        ),
        CheckConstraint(
            "(arrived_at IS NOT NULL) = (whereabouts = 'holder')", name="arrived_has_instant"
        ),
        Index("ix_recoveries_policyholder_id", "policyholder_id"),
        Index(
            "ix_recoveries_open",
            "found_at",
            postgresql_where=text("state NOT IN ('kept', 'closed')"),
        ),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.claims.id"), unique=True)
    policyholder_id: Mapped[UUID]
    parcel_ref: Mapped[str] = mapped_column(unique=True)
    state: Mapped[str] = mapped_column(one_of("state", RecoveryState))
    whereabouts: Mapped[str] = mapped_column(one_of("whereabouts", Whereabouts))
    currency: Mapped[str]
    indemnity: Mapped[int] = mapped_column(BigInteger)
    dues: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    salvage: Mapped[int] = mapped_column(BigInteger, server_default="0")
    place: Mapped[str]
    found_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    arrived_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    choose_by: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    closed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


# What rooms above may join.
READABLE = (Recovery,)
