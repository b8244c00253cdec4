"""Months that were closed, with every line as it was sent."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Integer,
    LargeBinary,
    Text,
    UniqueConstraint,
    Uuid,
)
from sqlalchemy.dialects.postgresql import ARRAY, JSONB

from kernel.db import plain_table

bordereau_months = plain_table(
    __name__,
    "insurance.bordereau_months",
    """A month of an insurer in a currency as it was closed; append-only.

    Shape: month is its first day; hash is the SHA-256 of its lines; totals are sums by kind and
    column, in minor units; person_id closed it.
    """,
    Column("id", Uuid, primary_key=True),
    Column("month", Date, nullable=False),
    Column("insurer_key", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("hash", LargeBinary, nullable=False),
    Column("totals", JSONB, nullable=False),
    Column("person_id", Uuid),
    Column("closed_at", DateTime(timezone=True), nullable=False),
    UniqueConstraint("month", "insurer_key", "currency", name="uq_bordereau_months_month"),
    CheckConstraint("extract(day FROM month) = 1", name="month_is_its_first_day"),
)

bordereau_lines = plain_table(
    __name__,
    "insurance.bordereau_lines",
    """A line of a closed month; append-only.

    Shape: cells are the columns of its kind, money in minor units; journals are their numbers;
    moves are the lines of the register that it stands for.
    """,
    Column("month_id", Uuid, ForeignKey("insurance.bordereau_months.id"), primary_key=True),
    Column("kind", Text, primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("subject", Text, nullable=False),
    Column("cells", JSONB, nullable=False),
    Column("journals", ARRAY(BigInteger), nullable=False),
    Column("moves", ARRAY(BigInteger), nullable=False),
    CheckConstraint("kind IN ('premium', 'tax', 'claims')", name="kind_known"),
)

closed_moves = plain_table(
    __name__,
    "insurance.closed_moves",
    """What stands in a closed month and in no later one. Shape: register is premium or claims.""",
    Column("register", Text, primary_key=True),
    Column("move_id", BigInteger, primary_key=True, autoincrement=False),
    Column("month_id", Uuid, ForeignKey("insurance.bordereau_months.id"), nullable=False),
)

READABLE = (bordereau_months, bordereau_lines, closed_moves)
