"""What each party's books are told of premiums and claims: one row for every movement."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    DateTime,
    Identity,
    Index,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY

from kernel.db import plain_table

premium_moves = plain_table(
    __name__,
    "insurance.premium_moves",
    """A premium as it was written, added to or returned; append-only.

    Units: minor units, below zero where money went back. Shape: subject is the policy's number,
    country where the tax is due; keys are those of its journals, the insurer's first; of a premium
    that an order paid the platform's journal is the order's own and stands under another key.
    """,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("what", Text, nullable=False),
    Column("cause_id", Uuid, nullable=False),
    Column("subject", Text, nullable=False),
    Column("insurer_key", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("country", Text, nullable=False),
    Column("net", BigInteger, nullable=False),
    Column("commission", BigInteger, nullable=False),
    Column("tax", BigInteger, nullable=False),
    Column("keys", ARRAY(Uuid), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("cause_id", "what", name="uq_premium_moves_cause_id_what"),
    CheckConstraint("what IN ('written', 'added', 'returned')", name="what_known"),
    Index("ix_premium_moves_insurer_key_at", "insurer_key", "currency", "at"),
    Index("ix_premium_moves_subject", "subject"),
)

claim_moves = plain_table(
    __name__,
    "insurance.claim_moves",
    """A change of what a claim is thought to cost, or has cost; append-only.

    Units: minor units. Shape: subject is the reference of the claim, or of the case of its found
    goods; the reserve as it was and is; owed, paid and recovered are what they changed by;
    person_id is who did it, null for the house; keys are its journals', the insurer's first.
    """,
    Column("id", BigInteger, Identity(always=True), primary_key=True),
    Column("what", Text, nullable=False),
    Column("cause_id", Uuid, nullable=False),
    Column("subject", Text, nullable=False),
    Column("insurer_key", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("reserve_before", BigInteger, nullable=False),
    Column("reserve", BigInteger, nullable=False),
    Column("owed", BigInteger, nullable=False),
    Column("paid", BigInteger, nullable=False),
    Column("recovered", BigInteger, nullable=False),
    Column("reason", Text, nullable=False),
    Column("person_id", Uuid),
    Column("keys", ARRAY(Uuid), nullable=False),
    Column("at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("cause_id", "what", name="uq_claim_moves_cause_id_what"),
    Index("ix_claim_moves_insurer_key_at", "insurer_key", "currency", "at"),
    Index("ix_claim_moves_subject", "subject"),
)


# What rooms above may join.
READABLE = (premium_moves, claim_moves)
