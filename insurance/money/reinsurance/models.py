"""What was ceded of each line of the registers."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, DateTime, Index, Text

from kernel.db import plain_table

cessions = plain_table(
    __name__,
    "insurance.cessions",
    """A treaty's part of a premium or of a claim's payment: a line of the ceded bordereau.

    Units: minor units. Shape: move_id names a line of the register of premiums or of claims; of a
    claim the amount is what the reinsurer owes, without commission; day is its journal's.
    """,
    Column("treaty_key", Text, primary_key=True),
    Column("register", Text, primary_key=True),
    Column("move_id", BigInteger, primary_key=True, autoincrement=False),
    Column("subject", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("commission", BigInteger, nullable=False),
    Column("ceded_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("register IN ('premium', 'claims')", name="register_known"),
    Index("ix_cessions_treaty_key_ceded_at", "treaty_key", "ceded_at"),
)
