"""Months that were settled."""

from __future__ import annotations

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, Uuid, text
from sqlalchemy.dialects.postgresql import JSONB

from kernel.db import plain_table

settlements = plain_table(
    __name__,
    "insurance.settlements",
    """What was paid for a closed month; append-only.

    Units: minor units, below zero where the insurer or a state gave back. Shape: taxes by
    country; payers who settles them with each state, empty for months of before.
    """,
    Column("month_id", Uuid, ForeignKey("insurance.bordereau_months.id"), primary_key=True),
    Column("premium", BigInteger, nullable=False),
    Column("taxes", JSONB, nullable=False),
    Column("payers", JSONB, nullable=False, server_default=text("'{}'::jsonb")),
    Column("person_id", Uuid),
    Column("settled_at", DateTime(timezone=True), nullable=False),
)

READABLE = (settlements,)
