"""What was asked of underwriters, and what became of each."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from insurance.offers.referrals.rules import ReferralKind, ReferralState, Refused
from kernel.checks import one_of
from kernel.db import Base

_INSTANT = DateTime(timezone=True)


class Referral(Base):
    """A risk that somebody asked an underwriter about; one for each price that was refused.

    Units: surcharge_pct in per cent of the rate. Shape: subject_ref is the shipment or the cargo's
    price that the gate referred, reason what it named; parties are the people and companies that
    have a part in it; words are the customer's, refusal_words the officer's. proposal waits for a
    second officer; offered_ref is where the offered price is bought, until valid_until;
    is_bought is noted once that is over. decided_by is None where the clock answered.
    """

    __tablename__ = "referrals"
    __table_args__ = (
        CheckConstraint("(state = 'asked') = (answered_at IS NULL)", name="answered_has_instant"),
        CheckConstraint(
            "(state IN ('quoted', 'lapsed')) = (offered_ref IS NOT NULL)", name="price_has_place"
        ),
        CheckConstraint("(offered_ref IS NULL) = (valid_until IS NULL)", name="price_has_an_end"),
        CheckConstraint("(state = 'declined') = (refusal IS NOT NULL)", name="no_has_a_reason"),
        Index("ix_referrals_asked", "answer_by", postgresql_where=text("state = 'asked'")),
        Index("ix_referrals_quoted", "valid_until", postgresql_where=text("state = 'quoted'")),
        Index("ix_referrals_owner_id", "owner_id"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    kind: Mapped[str] = mapped_column(one_of("kind", ReferralKind))
    subject_ref: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[UUID]
    parties: Mapped[list[UUID]] = mapped_column(ARRAY(Uuid))
    reason: Mapped[str]
    words: Mapped[str]
    state: Mapped[str] = mapped_column(one_of("state", ReferralState))
    asked_at: Mapped[datetime] = mapped_column(_INSTANT)
    answer_by: Mapped[datetime] = mapped_column(_INSTANT)
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    surcharge_pct: Mapped[int | None]
    deductible: Mapped[str | None]
    offered_ref: Mapped[str | None]
    valid_until: Mapped[datetime | None] = mapped_column(_INSTANT)
    refusal: Mapped[str | None] = mapped_column(one_of("refusal", Refused))
    refusal_words: Mapped[str]
    is_bought: Mapped[bool] = mapped_column(server_default="false")
    decided_by: Mapped[UUID | None]
    answered_at: Mapped[datetime | None] = mapped_column(_INSTANT)


class ReferralEntry(Base):
    """One line of a referral's history; append-only."""

    __tablename__ = "referral_entries"
    __table_args__ = (
        Index("ix_referral_entries_referral_id_id", "referral_id", "id"),
        {"schema": "insurance"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    referral_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.referrals.id"))
    what: Mapped[str]
    state: Mapped[str] = mapped_column(one_of("state", ReferralState))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    person_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(_INSTANT)
