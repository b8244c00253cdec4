"""Letters that asked insurers for claims money, and what insurers answered."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
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

float_call_answers = plain_table(
    __name__,
    "insurance.float_call_answers",
    """What an insurer answered to a letter, its newest answer counts; append-only.

    Shape: says is a value of rules.Says; pay_on the day on which it pays, where it does; words are
    its own, empty for none; person_id wrote it.
    """,
    Column("id", Uuid, primary_key=True),
    Column("call_id", Uuid, ForeignKey("insurance.float_calls.id"), nullable=False),
    Column("says", Text, nullable=False),
    Column("pay_on", Date),
    Column("words", Text, nullable=False),
    Column("person_id", Uuid, nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    CheckConstraint("says IN ('pays', 'objects')", name="says_known"),
    CheckConstraint("(says = 'pays') = (pay_on IS NOT NULL)", name="pays_on_a_day"),
    CheckConstraint("says = 'pays' OR words <> ''", name="objects_with_words"),
    Index("ix_float_call_answers_call_id_at", "call_id", "at"),
)
