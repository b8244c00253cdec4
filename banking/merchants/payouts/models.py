"""Accounts that vendors are paid to, their plans, runs, turns and payouts."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from banking.authorisation.payees.queries import Outcome
from banking.merchants.payouts.rules import State
from kernel.checks import one_of
from kernel.db import Base

_SCHEMA = {"schema": "banking"}


class PayoutAccount(Base):
    """A bank account that a vendor named for a currency.

    Shape: person_id asked for it and is written to; usable_from is set by the approval; outcome is
    what comparing the holder's name led to.
    """

    __tablename__ = "payout_accounts"
    __table_args__ = (
        CheckConstraint("state IN ('awaiting_approval', 'active', 'replaced')", name="state"),
        CheckConstraint("(state = 'awaiting_approval') = (usable_from IS NULL)", name="usable"),
        Index(
            "uq_payout_accounts_active",
            "vendor_id",
            "currency",
            unique=True,
            postgresql_where=text("state = 'active'"),
        ),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    vendor_id: Mapped[UUID]
    currency: Mapped[str]
    account: Mapped[str]
    holder_name: Mapped[str]
    outcome: Mapped[str] = mapped_column(one_of("outcome", Outcome))
    person_id: Mapped[UUID]
    state: Mapped[str]
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.approvals.id"))
    asked_at: Mapped[datetime]
    usable_from: Mapped[datetime | None]


class PayoutPlan(Base):
    """When and from how much on a vendor is paid in a currency.

    Units: least_minor in minor units. Shape: nominal_on is the next day of the schedule and next_on
    the day of its payout, both None when it is paid by hand; returned_ref is the payout that came
    back and pauses the plan until the account is corrected; held_words is why an operator paused
    it.
    """

    __tablename__ = "payout_plans"
    __table_args__ = (
        CheckConstraint("cadence IN ('daily', 'weekly', 'monthly', 'by_hand')", name="cadence"),
        CheckConstraint("weekday BETWEEN 0 AND 4 AND month_day BETWEEN 1 AND 31", name="days"),
        CheckConstraint("least_minor > 0", name="least_positive"),
        CheckConstraint("(held_words = '') = (held_by IS NULL)", name="held_by_somebody"),
        CheckConstraint("(cadence = 'by_hand') = (next_on IS NULL)", name="next_on"),
        Index("ix_payout_plans_next_on", "next_on", postgresql_where=text("next_on IS NOT NULL")),
        _SCHEMA,
    )

    vendor_id: Mapped[UUID] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    account_id: Mapped[UUID] = mapped_column(ForeignKey("banking.payout_accounts.id"))
    cadence: Mapped[str]
    weekday: Mapped[int]
    month_day: Mapped[int]
    least_minor: Mapped[int] = mapped_column(BigInteger)
    nominal_on: Mapped[date | None]
    next_on: Mapped[date | None]
    returned_ref: Mapped[str] = mapped_column(default="")
    held_words: Mapped[str] = mapped_column(default="")
    held_by: Mapped[UUID | None]
    held_at: Mapped[datetime | None]


class PayoutRun(Base):
    """One day's payouts in one currency."""

    __tablename__ = "payout_runs"
    __table_args__ = (
        Index("uq_payout_runs_day", "currency", "run_on", unique=True),
        Index("ix_payout_runs_begun_at", "begun_at", "id"),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    currency: Mapped[str]
    run_on: Mapped[date]
    begun_at: Mapped[datetime]


class Payout(Base):
    """Money of a vendor on its way to the vendor's bank.

    Units: minor units; opening is what the wallet held after the payout before, available what it
    could pay now. Shape: the entries of the wallet after after_entry up to upto_entry are what the
    payout holds; it is the one line of its group in a batch and becomes that transfer; again_for
    is the payout that came back and is made once more.
    """

    __tablename__ = "payouts"
    __table_args__ = (
        CheckConstraint("state IN ('made', 'sent', 'paid', 'returned', 'failed')", name="state"),
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint(
            "least(fee_minor, owed_minor, reserve_minor) >= 0"
            " AND amount_minor + fee_minor + owed_minor + reserve_minor = available_minor",
            name="adds_up",
        ),
        Index("ix_payouts_vendor_id", "vendor_id", "made_at", "id"),
        Index("ix_payouts_run_id", "run_id", "id"),
        Index("uq_payouts_batch_line", "batch_id", "batch_group", unique=True),
        Index("ix_payouts_state", "state", "made_at", "id"),
        Index("ix_payouts_state_amount", "state", "currency", "amount_minor", "id"),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("banking.payout_runs.id"))
    vendor_id: Mapped[UUID]
    wallet_id: Mapped[UUID] = mapped_column(ForeignKey("banking.wallets.id"))
    account_id: Mapped[UUID] = mapped_column(ForeignKey("banking.payout_accounts.id"))
    currency: Mapped[str]
    period: Mapped[str]
    opening_minor: Mapped[int] = mapped_column(BigInteger)
    available_minor: Mapped[int] = mapped_column(BigInteger)
    owed_minor: Mapped[int] = mapped_column(BigInteger)
    reserve_minor: Mapped[int] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger)
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    after_entry: Mapped[int] = mapped_column(BigInteger)
    upto_entry: Mapped[int] = mapped_column(BigInteger)
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    arrives_on: Mapped[date]
    made_at: Mapped[datetime]
    batch_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.batches.id"))
    batch_group: Mapped[int | None]
    transfer_id: Mapped[UUID | None] = mapped_column(unique=True)
    again_for: Mapped[UUID | None] = mapped_column(ForeignKey("banking.payouts.id"), unique=True)


class PayoutTurn(Base):
    """A vendor's turn in a period, once and for ever: paid out, or rolled on for a reason.

    Units: available_minor is what there was. Shape: reason is the code of the refusal.
    """

    __tablename__ = "payout_turns"
    __table_args__ = (
        CheckConstraint("(payout_id IS NULL) = (reason <> '')", name="paid_or_rolled_on"),
        Index("ix_payout_turns_run_id", "run_id"),
        _SCHEMA,
    )

    vendor_id: Mapped[UUID] = mapped_column(primary_key=True)
    currency: Mapped[str] = mapped_column(primary_key=True)
    period: Mapped[str] = mapped_column(primary_key=True)
    run_id: Mapped[UUID] = mapped_column(ForeignKey("banking.payout_runs.id"))
    due_on: Mapped[date]
    available_minor: Mapped[int] = mapped_column(BigInteger)
    payout_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.payouts.id"))
    reason: Mapped[str]
    at: Mapped[datetime]


class PayoutStep(Base):
    """One step of a payout, for ever. Shape: reason is a code of ISO 20022."""

    __tablename__ = "payout_steps"
    __table_args__ = (Index("ix_payout_steps_payout_id", "payout_id", "id"), _SCHEMA)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    payout_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(one_of("state", State))
    reason: Mapped[str]
    at: Mapped[datetime]


class ReservePortion(Base):
    """What one payout kept back. Units: minor units; returned_minor is what was left of it."""

    __tablename__ = "payout_reserves"
    __table_args__ = (
        CheckConstraint(
            "amount_minor > 0 AND returned_minor BETWEEN 0 AND amount_minor", name="amounts"
        ),
        CheckConstraint("(returned_at IS NULL) = (returned_minor IS NULL)", name="returned"),
        Index(
            "ix_payout_reserves_open",
            "vendor_id",
            "currency",
            "due_on",
            "payout_id",
            postgresql_where=text("returned_at IS NULL"),
        ),
        _SCHEMA,
    )

    payout_id: Mapped[UUID] = mapped_column(ForeignKey("banking.payouts.id"), primary_key=True)
    vendor_id: Mapped[UUID]
    currency: Mapped[str]
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    due_on: Mapped[date]
    returned_at: Mapped[datetime | None]
    returned_minor: Mapped[int | None] = mapped_column(BigInteger)
