"""Accounts, journals, entries and holds; the rules once more, as the last net."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    SmallInteger,
    Text,
    UniqueConstraint,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base, plain_table


class LedgerAccount(Base):
    """Money in one currency under one name.

    A guarded account has a floor or a ceiling: its balance is kept here, under the row's lock.
    A house account is append-only: `posted` is its balance up to entry `rolled_up_to`, and nobody
    locks the row.
    Units: minor units. Shape: status holds the Freeze bits.
    """

    __tablename__ = "ledger_accounts"
    __table_args__ = (
        UniqueConstraint("kind", "key", "currency", name="uq_ledger_accounts_name"),
        CheckConstraint("currency ~ '^[A-Z]{3}$'", name="currency_code"),
        CheckConstraint("held >= 0", name="held_not_negative"),
        CheckConstraint(
            "NOT guarded OR floor IS NULL OR posted - held >= floor", name="available_above_floor"
        ),
        CheckConstraint(
            "NOT guarded OR ceiling IS NULL OR posted <= ceiling", name="posted_below_ceiling"
        ),
        CheckConstraint(
            "guarded = (floor IS NOT NULL OR ceiling IS NOT NULL)", name="guarded_has_limit"
        ),
        CheckConstraint("status BETWEEN 0 AND 7", name="status_bits"),
        # Room for new versions of a row on its page, so that a posting touches no index.
        {"schema": "banking", "postgresql_with": {"fillfactor": 70}},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    kind: Mapped[str]
    key: Mapped[str]
    currency: Mapped[str]
    guarded: Mapped[bool]
    floor: Mapped[int | None] = mapped_column(BigInteger)
    ceiling: Mapped[int | None] = mapped_column(BigInteger)
    posted: Mapped[int] = mapped_column(BigInteger, server_default="0")
    held: Mapped[int] = mapped_column(BigInteger, server_default="0")
    status: Mapped[int] = mapped_column(SmallInteger, server_default="0")
    rolled_up_to: Mapped[int] = mapped_column(BigInteger, server_default="0")
    opened_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


journals = plain_table(
    __name__,
    "banking.journals",
    """One booking: why, when, for whom; append-only.

    Shape: legs is the number of its entries, so that nobody adds one later.
    """,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("key", Uuid, unique=True, nullable=False),
    Column("kind", Text, nullable=False),
    Column("subject", Text, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("legs", SmallInteger, nullable=False),
    Column("value_date", Date, nullable=False),
    Column("booked_at", DateTime(timezone=True), nullable=False),
    Column("person_id", Uuid),
    Column("reverses", BigInteger),
    CheckConstraint("legs > 0", name="has_legs"),
    Index(
        "uq_journals_reverses",
        "reverses",
        unique=True,
        postgresql_where=text("reverses IS NOT NULL"),
    ),
    # Who knows an order's reference finds its money without walking a wallet's past.
    Index("ix_journals_subject", "subject"),
)

entries = plain_table(
    __name__,
    "banking.entries",
    """One leg of a journal; append-only.

    Units: minor units. Shape: partitions are years, which the journal's number tells
    (banking/sql/ledger_years.sql). balance_after only where the account is guarded, since only
    there the order of entries is an order of time.
    """,
    Column("journal_id", BigInteger, primary_key=True, autoincrement=False),
    Column("leg", SmallInteger, primary_key=True, autoincrement=False),
    Column("id", BigInteger, Identity(always=True), nullable=False),
    Column("account_id", BigInteger, nullable=False),
    Column("currency", Text, nullable=False),
    Column("phase", SmallInteger, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("balance_after", BigInteger),
    Column("memo", Text, server_default="", nullable=False),
    CheckConstraint("amount <> 0", name="amount_not_zero"),
    CheckConstraint("phase IN (1, 2)", name="known_phase"),
    Index("ix_entries_account_id_id", "account_id", "id"),
    partition_by="RANGE (journal_id)",
)

ledger_years = plain_table(
    __name__,
    "banking.ledger_years",
    """A year whose entries were put aside, after the time that books are kept; append-only.

    Shape: numbers of its journals from first_journal up to, but without, end_journal.
    """,
    Column("name", Text, primary_key=True),
    Column("first_journal", BigInteger, nullable=False),
    Column("end_journal", BigInteger, nullable=False),
    Column("journals", BigInteger, nullable=False),
    Column("entries", BigInteger, nullable=False),
    Column("first_booked_at", DateTime(timezone=True), nullable=False),
    Column("last_booked_at", DateTime(timezone=True), nullable=False),
    Column("put_aside_at", DateTime(timezone=True), nullable=False),
)

ledger_carried = plain_table(
    __name__,
    "banking.ledger_carried",
    """What the entries of a year that was put aside came to for an account; append-only.

    Units: minor units.
    """,
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    Column("year", Text, primary_key=True),
    Column("currency", Text, nullable=False),
    Column("posted", BigInteger, nullable=False),
    Column("held", BigInteger, nullable=False),
)


class Hold(Base):
    """Money kept back of an account until it is captured, released or the hold expires.

    Units: minor units. Locks: changed only under the lock of its account.
    """

    __tablename__ = "holds"
    __table_args__ = (
        CheckConstraint("amount > 0", name="amount_positive"),
        CheckConstraint("captured >= 0 AND released >= 0", name="parts_not_negative"),
        CheckConstraint("captured + released <= amount", name="parts_within_amount"),
        CheckConstraint(
            "(state = 'open') = (captured + released < amount)", name="open_while_something_left"
        ),
        CheckConstraint("state IN ('open', 'captured', 'released', 'expired')", name="known_state"),
        Index("ix_holds_open_account_id", "account_id", postgresql_where=text("state = 'open'")),
        Index("ix_holds_open_expires_at", "expires_at", postgresql_where=text("state = 'open'")),
        Index(
            "ix_holds_unannounced",
            "id",
            postgresql_where=text("state = 'expired' AND NOT announced"),
        ),
        {"schema": "banking"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    journal_id: Mapped[int] = mapped_column(BigInteger, unique=True)
    account_id: Mapped[int] = mapped_column(ForeignKey("banking.ledger_accounts.id"))
    currency: Mapped[str]
    amount: Mapped[int] = mapped_column(BigInteger)
    captured: Mapped[int] = mapped_column(BigInteger, server_default="0")
    released: Mapped[int] = mapped_column(BigInteger, server_default="0")
    state: Mapped[str] = mapped_column(server_default="open")
    announced: Mapped[bool] = mapped_column(server_default="false")
    reason: Mapped[str]
    subject: Mapped[str]
    placed_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    expires_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


roll_up_mark = plain_table(
    __name__,
    "banking.roll_up_mark",
    """A point in the entries that a later roll-up may safely add up to.

    Every entry up to `last_entry` was written by a transaction older than `horizon`, which the call
    after the one that set the mark fills in (0 before); once none of those runs any more, the
    entries up to there are final.
    """,
    Column("id", SmallInteger, primary_key=True, autoincrement=False),
    Column("last_entry", BigInteger, nullable=False),
    Column("horizon", BigInteger, nullable=False),
    Column("rolled_up_to", BigInteger, server_default="0", nullable=False),
    CheckConstraint("id = 1", name="only_one"),
)


# What rooms above may join.
READABLE = (LedgerAccount, journals, entries, ledger_carried, Hold)
