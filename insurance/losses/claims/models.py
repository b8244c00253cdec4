"""Claims, their money and their history."""

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
    UniqueConstraint,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from insurance.losses.claims.rules import ClaimState, PaidBy
from insurance.rating.liability.queries import Cause
from kernel.checks import one_of
from kernel.db import Base


class Claim(Base):
    """One loss under one policy.

    Units: minor units of currency. Shape: facts holds what was reported, with the hash of the
    carrier's evidence; trace the questions and answers of the decision; sums the arithmetic;
    appeal the holder's words against a refusal, with the refusal and who proposed it; stated is a
    loss in another currency with the bank's dated rate that it counts by, null otherwise.
    """

    __tablename__ = "claims"
    __table_args__ = (
        # The same loss is one claim, however often the carrier reports it.
        UniqueConstraint("policy_id", "cause", name="uq_claims_policy_id_cause"),
        CheckConstraint("payable >= 0 AND reserve >= 0 AND claimed >= 0", name="not_negative"),
        CheckConstraint("(paid_at IS NOT NULL) = (state = 'paid')", name="paid_has_instant"),
        CheckConstraint(
            "maker_id IS NULL OR checker_id IS NULL OR maker_id <> checker_id",
            name="maker_is_not_checker",
        ),
        Index("ix_claims_policyholder_id_opened_at", "policyholder_id", "opened_at"),
        Index(
            "ix_claims_open", "opened_at", postgresql_where=text("state NOT IN ('paid', 'refused')")
        ),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.policies.id"))
    policyholder_id: Mapped[UUID]
    cause: Mapped[str] = mapped_column(one_of("cause", Cause))
    state: Mapped[str] = mapped_column(one_of("state", ClaimState))
    currency: Mapped[str]
    claimed: Mapped[int] = mapped_column(BigInteger)
    reserve: Mapped[int] = mapped_column(BigInteger)
    payable: Mapped[int] = mapped_column(BigInteger)
    stated: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    payee: Mapped[str]
    wallet_id: Mapped[UUID]
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    sums: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    trace: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    refusal: Mapped[str | None]
    proposal: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    appeal: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    maker_id: Mapped[UUID | None]
    checker_id: Mapped[UUID | None]
    loss_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    decided_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    paid_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ClaimEntry(Base):
    """One line of a claim's history; append-only."""

    __tablename__ = "claim_entries"
    __table_args__ = (
        Index("ix_claim_entries_claim_id_id", "claim_id", "id"),
        {"schema": "insurance"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.claims.id"))
    what: Mapped[str]
    state: Mapped[str] = mapped_column(one_of("state", ClaimState))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    person_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class ClaimOffset(Base):
    """What somebody else paid for a loss, as an officer or its holder's notice says.

    Units: minor units of the claim's currency. Shape: item is its place in the parcel, null for all
    of it; words name the paper that shows it; officer_id is null for what the notice says; a
    removed one counts no more and stays.
    """

    __tablename__ = "claim_offsets"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_is_positive"),
        # The same payment written down twice is one.
        Index(
            "uq_claim_offsets_standing",
            "claim_id",
            "paid_by",
            "amount",
            "words",
            text("coalesce(item, -1)"),
            unique=True,
            postgresql_where=text("removed_at IS NULL"),
        ),
        {"schema": "insurance"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    claim_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.claims.id"))
    paid_by: Mapped[str] = mapped_column(one_of("paid_by", PaidBy))
    amount: Mapped[int] = mapped_column(BigInteger)
    item: Mapped[int | None]
    words: Mapped[str]
    officer_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    removed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class ClaimItem(Base):
    """Pieces of one thing that were missing from a parcel.

    Units: value in minor units of the claim's currency, that of the missing pieces. Shape: item is
    its place in the parcel.
    """

    __tablename__ = "claim_items"
    __table_args__ = (
        CheckConstraint("pieces BETWEEN 1 AND of_pieces", name="pieces_were_in_it"),
        CheckConstraint("item >= 0 AND value >= 0", name="not_negative"),
        {"schema": "insurance"},
    )

    claim_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.claims.id"), primary_key=True)
    item: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    pieces: Mapped[int]
    of_pieces: Mapped[int]
    value: Mapped[int] = mapped_column(BigInteger)


class ClaimAuthority(Base):
    """What an officer may approve of one claim, from a day on; append-only.

    Units: most in minor units of currency. Shape: maker_id is who set it, null for the command
    line.
    """

    __tablename__ = "claim_authorities"
    __table_args__ = (
        CheckConstraint("most >= 0", name="not_negative"),
        Index("ix_claim_authorities_officer_id_currency", "officer_id", "currency"),
        {"schema": "insurance"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    officer_id: Mapped[UUID]
    currency: Mapped[str]
    most: Mapped[int] = mapped_column(BigInteger)
    valid_from: Mapped[date]
    maker_id: Mapped[UUID | None]
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class Silence(Base):
    """A silence of a carrier that a holder was told of. Shape: since is the parcel's last scan."""

    __tablename__ = "silences"
    __table_args__ = ({"schema": "insurance"},)

    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.policies.id"), primary_key=True)
    since: Mapped[datetime] = mapped_column(DateTime(timezone=True), primary_key=True)
    told_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class NoticeDraft(Base):
    """A notice as far as it was typed; none of it is checked before it is sent.

    Shape: loss is an amount as its holder wrote it, its currency empty for that of the policy; more
    is what was typed into the fields of its cause, by their names.
    """

    __tablename__ = "notice_drafts"
    __table_args__ = (
        Index("ix_notice_drafts_policyholder_id", "policyholder_id"),
        {"schema": "insurance"},
    )

    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.policies.id"), primary_key=True)
    policyholder_id: Mapped[UUID]
    cause: Mapped[str]
    loss: Mapped[str]
    currency: Mapped[str] = mapped_column(server_default="")
    description: Mapped[str]
    more: Mapped[dict[str, str]] = mapped_column(JSONB, server_default="{}")
    saved_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


# What rooms above may join.
READABLE = (Claim,)
