"""Approvals with what they are bound to, the counters of low payments, trusted payees, terms."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, LargeBinary
from sqlalchemy import text as sql
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from banking.authorisation.approvals.rules import Act
from kernel.checks import one_of
from kernel.db import Base

_SCHEMA = {"schema": "banking"}


class ApprovalTerms(Base):
    """What is low in value and how long an approval lives, from a day on.

    Units: minor units of the euro; approval_seconds; fraud_ppm in millionths of what is paid.
    Shape: risk_bands pairs a rate of fraud with the most for each purchase, in the same units.
    """

    __tablename__ = "approval_terms"
    __table_args__ = (
        CheckConstraint("each_minor > 0 AND each_minor <= 3000", name="each_within_the_law"),
        CheckConstraint("earlier_sum_minor <= 10000", name="sum_within_the_law"),
        CheckConstraint("earlier_number <= 5", name="number_within_the_law"),
        CheckConstraint("fraud_ppm >= 0 AND quiet_hours > 0", name="risk_measured"),
        _SCHEMA,
    )

    valid_from: Mapped[date] = mapped_column(primary_key=True)
    each_minor: Mapped[int] = mapped_column(BigInteger)
    earlier_sum_minor: Mapped[int] = mapped_column(BigInteger)
    earlier_number: Mapped[int]
    reduced_a_day_minor: Mapped[int] = mapped_column(BigInteger)
    approval_seconds: Mapped[int]
    risk_bands: Mapped[list[list[int]]] = mapped_column(JSONB)
    fraud_ppm: Mapped[int]
    risk_day_minor: Mapped[int] = mapped_column(BigInteger)
    risk_day_number: Mapped[int]
    quiet_hours: Mapped[int]
    source: Mapped[str]


class ApprovalRow(Base):
    """One act that a customer was asked about, or was not for a reason.

    Units: amount in minor units, euro_minor at the rate of the day.
    Shape: proof is what the passkey answered (credential,
    authenticator data, client data, signature), so that anybody can check it later.
    """

    __tablename__ = "approvals"
    __table_args__ = (
        CheckConstraint("amount_minor >= 0", name="amount_not_negative"),
        CheckConstraint("expires_at > asked_at", name="open_for_a_while"),
        CheckConstraint("used_at IS NULL OR given_at IS NOT NULL", name="given_before_used"),
        CheckConstraint("(given_at IS NULL) = (method IS NULL)", name="given_by_some_method"),
        Index("ix_approvals_person_id_asked_at", "person_id", "asked_at"),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID]
    payer_id: Mapped[UUID]
    act: Mapped[str] = mapped_column(one_of("act", Act))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    euro_minor: Mapped[int | None] = mapped_column(BigInteger)
    payee: Mapped[str]
    account: Mapped[str]
    subject: Mapped[str]
    nonce: Mapped[str] = mapped_column(unique=True)
    challenge: Mapped[bytes] = mapped_column(LargeBinary)
    asked_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    exemption: Mapped[str | None]
    given_at: Mapped[datetime | None]
    method: Mapped[str | None]
    proof: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    used_at: Mapped[datetime | None]
    withdrawn_at: Mapped[datetime | None]


class LowPayments(Base):
    """What low value let through since the person last approved something.

    Units: minor units of the euro.
    """

    __tablename__ = "approval_low_payments"
    __table_args__ = (
        CheckConstraint("earlier_sum_minor >= 0 AND earlier_number >= 0", name="counted_up"),
        _SCHEMA,
    )

    person_id: Mapped[UUID] = mapped_column(primary_key=True)
    earlier_sum_minor: Mapped[int] = mapped_column(BigInteger)
    earlier_number: Mapped[int]


class TrustedPayee(Base):
    """Somebody whom an owner pays without being asked; the list itself is changed by approval.

    Shape: removed_at ends the trust at once.
    """

    __tablename__ = "trusted_payees"
    __table_args__ = (
        Index(
            "uq_trusted_payees_owner_id_account",
            "owner_id",
            "account",
            unique=True,
            postgresql_where=sql("removed_at IS NULL"),
        ),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID]
    account: Mapped[str]
    name: Mapped[str]
    approval_id: Mapped[UUID] = mapped_column(ForeignKey("banking.approvals.id"))
    approved_at: Mapped[datetime]
    removed_at: Mapped[datetime | None]


# What rooms above may join.
READABLE = (ApprovalRow,)
