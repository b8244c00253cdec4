"""Transfers and every step that each took."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from banking.accounts.wallets.queries import OwnerKind
from banking.authorisation.payees.queries import Outcome
from banking.transferring.transfers.rules import State
from kernel.checks import one_of
from kernel.db import Base

_SCHEMA = {"schema": "banking"}
_STATES = (
    "'draft', 'awaiting_approval', 'scheduled', 'accepted', 'sent', 'settled', 'returned',"
    " 'cancelled', 'declined'"
)


class Transfer(Base):
    """Money from a wallet to an account.

    Units: minor units. Shape: account is as it was named, a handle with its @, payee_account the
    one that is really credited; payee_id is set inside the house; id is the key of everything done
    for it; request_id, series_id and batch_id name what it pays or came with, if anything.
    """

    __tablename__ = "transfers"
    __table_args__ = (
        CheckConstraint(f"state IN ({_STATES})", name="state"),
        CheckConstraint("amount_minor > 0 AND fee_minor >= 0", name="amounts"),
        CheckConstraint(
            "state = 'draft' OR (amount_minor IS NOT NULL AND wallet_id IS NOT NULL"
            " AND confirmed_at IS NOT NULL) OR state = 'cancelled'",
            name="complete_when_confirmed",
        ),
        CheckConstraint("length(remittance) <= 140", name="remittance_fits"),
        Index("ix_transfers_owner_id", "owner_id", "confirmed_at", "id"),
        Index("ix_transfers_payee_id", "payee_id", postgresql_where=text("payee_id IS NOT NULL")),
        Index(
            "ix_transfers_under_way",
            "state",
            postgresql_where=text(
                "state IN ('draft', 'awaiting_approval', 'scheduled', 'accepted', 'sent')"
            ),
        ),
        # A request is paid once: nothing else may count for it while one transfer does.
        Index(
            "uq_transfers_request_id",
            "request_id",
            unique=True,
            postgresql_where=text(
                "request_id IS NOT NULL AND state NOT IN ('draft', 'cancelled', 'declined',"
                " 'returned')"
            ),
        ),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[UUID]
    person_id: Mapped[UUID]
    locale: Mapped[str]
    account: Mapped[str]
    payee_name: Mapped[str]
    outcome: Mapped[str] = mapped_column(one_of("outcome", Outcome))
    holder_name: Mapped[str]
    payee_id: Mapped[UUID | None]
    payee_kind: Mapped[str | None] = mapped_column(one_of("payee_kind", OwnerKind))
    payee_account: Mapped[str | None]
    wallet_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.wallets.id"))
    currency: Mapped[str | None]
    amount_minor: Mapped[int | None] = mapped_column(BigInteger)
    fee_minor: Mapped[int] = mapped_column(BigInteger, default=0)
    remittance: Mapped[str]
    due_on: Mapped[date | None]
    arrives_on: Mapped[date | None]
    state: Mapped[str]
    reason: Mapped[str] = mapped_column(default="")
    approval_id: Mapped[UUID | None] = mapped_column(ForeignKey("banking.approvals.id"))
    approve_until: Mapped[datetime | None]
    request_id: Mapped[UUID | None]
    series_id: Mapped[UUID | None]
    batch_id: Mapped[UUID | None]
    begun_at: Mapped[datetime]
    confirmed_at: Mapped[datetime | None]
    leaves_at: Mapped[datetime | None]
    taken_at: Mapped[datetime | None]


class TransferStep(Base):
    """One step of a transfer, for ever. Shape: reason is a code of ours or of ISO 20022."""

    __tablename__ = "transfer_steps"
    __table_args__ = (Index("ix_transfer_steps_transfer_id", "transfer_id", "id"), _SCHEMA)

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    transfer_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(one_of("state", State))
    reason: Mapped[str]
    at: Mapped[datetime]


# What rooms above may join.
READABLE = (Transfer,)
