"""Money that came for a closed wallet, and every step of its way out."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, LargeBinary
from sqlalchemy.orm import Mapped, mapped_column

from banking.accounts.wallets.queries import OwnerKind
from banking.authorisation.late_credits.rules import State
from kernel.checks import one_of
from kernel.db import Base


class LateCredit(Base):
    """One amount that came for a closed wallet. Units: minor units.

    Shape: id is derived from the key of the journal that brought it; attempt counts the accounts
    that were named; sent is what leaves, in euro where no rail carries the currency; token_digest
    is of the link in the last letter and counts until link_until; letters counts those with a link.
    """

    __tablename__ = "late_credits"
    __table_args__ = (
        CheckConstraint("amount_minor > 0", name="amount_positive"),
        CheckConstraint("state IN ('waiting', 'named', 'sent', 'paid')", name="known_state"),
        CheckConstraint(
            "(state = 'waiting') = (account IS NULL) AND (account IS NULL) = (sent_minor IS NULL)",
            name="named_before_it_goes",
        ),
        Index("ix_late_credits_owner_id", "owner_id"),
        CheckConstraint(
            "(token_digest IS NULL) = (link_until IS NULL) AND letters >= 0",
            name="link_ends",
        ),
        Index("ix_late_credits_state", "state"),
        Index("ix_late_credits_subject", "subject"),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    wallet_id: Mapped[UUID] = mapped_column(ForeignKey("banking.wallets.id"))
    owner_id: Mapped[UUID]
    owner_kind: Mapped[str] = mapped_column(one_of("owner_kind", OwnerKind))
    amount_minor: Mapped[int] = mapped_column(BigInteger)
    currency: Mapped[str]
    subject: Mapped[str]
    state: Mapped[str]
    attempt: Mapped[int]
    account: Mapped[str | None]
    holder: Mapped[str | None]
    sent_minor: Mapped[int | None] = mapped_column(BigInteger)
    sent_currency: Mapped[str | None]
    token_digest: Mapped[bytes | None] = mapped_column(LargeBinary, unique=True)
    link_until: Mapped[datetime | None]
    letters: Mapped[int]
    arrived_at: Mapped[datetime]


class LateCreditStep(Base):
    """What became of it, step by step. Shape: reason is the rail's, empty without one."""

    __tablename__ = "late_credit_steps"
    __table_args__ = (
        Index("ix_late_credit_steps_credit_id", "credit_id"),
        {"schema": "banking"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    credit_id: Mapped[UUID] = mapped_column(ForeignKey("banking.late_credits.id"))
    state: Mapped[str] = mapped_column(one_of("state", State))
    account: Mapped[str]
    reason: Mapped[str]
    at: Mapped[datetime]
