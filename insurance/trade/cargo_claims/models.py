"""Claims for cargo and their history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from insurance.trade.cargo_claims.rules import Kind, State
from insurance.trade.clauses.queries import Peril
from kernel.checks import one_of
from kernel.db import Base


class CargoClaim(Base):
    """One loss under a policy of cargo.

    Units: minor units of currency. Shape: survey is what was found, null before; proposal what an
    officer proposes with reason; guaranteed_at is when the insurer guaranteed a contribution to
    general average; appeal is what its holder said against a refusal, with the refusal and who
    proposed it.
    """

    __tablename__ = "cargo_claims"
    __table_args__ = (
        CheckConstraint("claimed > 0 AND reserve >= 0 AND payable >= 0", name="not_negative"),
        CheckConstraint("(paid_at IS NOT NULL) = (state = 'paid')", name="paid_has_instant"),
        CheckConstraint(
            "maker_id IS NULL OR checker_id IS NULL OR maker_id <> checker_id",
            name="maker_is_not_checker",
        ),
        Index("ix_cargo_claims_policy_id", "policy_id"),
        Index("ix_cargo_claims_owner_id_opened_at", "owner_id", "opened_at"),
        Index(
            "ix_cargo_claims_open",
            "opened_at",
            postgresql_where=text("state NOT IN ('paid', 'refused', 'withdrawn')"),
        ),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.cargo_policies.id"))
    owner_id: Mapped[UUID]
    kind: Mapped[str] = mapped_column(one_of("kind", Kind))
    peril: Mapped[str] = mapped_column(one_of("peril", Peril))
    state: Mapped[str] = mapped_column(one_of("state", State))
    currency: Mapped[str]
    claimed: Mapped[int] = mapped_column(BigInteger)
    reserve: Mapped[int] = mapped_column(BigInteger)
    payable: Mapped[int] = mapped_column(BigInteger)
    description: Mapped[str]
    survey: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    refusal: Mapped[str | None]
    appeal: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    maker_id: Mapped[UUID | None]
    checker_id: Mapped[UUID | None]
    loss_on: Mapped[date]
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    guaranteed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    paid_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class CargoClaimEntry(Base):
    """One line of a claim's history; append-only."""

    __tablename__ = "cargo_claim_entries"
    __table_args__ = (
        Index("ix_cargo_claim_entries_claim_id_id", "claim_id", "id"),
        {"schema": "insurance"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.cargo_claims.id"))
    state: Mapped[str] = mapped_column(one_of("state", State))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    person_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


READABLE = (CargoClaim,)
