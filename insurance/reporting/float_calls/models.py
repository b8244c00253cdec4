"""Letters that asked insurers for claims money."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    Text,
    UniqueConstraint,
    Uuid,
)

from kernel.db import plain_table

float_calls = plain_table(
    __name__,
    "insurance.float_calls",
    """A letter as it was sent; append-only.

    Units: minor units. Shape: words is its whole text; balance, paid and days are what it said of
    the claims money, days null where nothing was paid lately; person_id sent it.
    """,
    Column("id", Uuid, primary_key=True),
    Column("ref", Text, nullable=False),
    Column("insurer_key", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("balance", BigInteger, nullable=False),
    Column("paid", BigInteger, nullable=False),
    Column("days", Integer),
    Column("words", Text, nullable=False),
    Column("pay_by", Date, nullable=False),
    Column("person_id", Uuid),
    Column("sent_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("ref", name="uq_float_calls_ref"),
    CheckConstraint("amount > 0", name="asks_for_something"),
    Index("ix_float_calls_insurer_key_currency_sent_at", "insurer_key", "currency", "sent_at"),
)
