"""What was reserved for losses that nobody has reported, by month and product."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, Column, Date, DateTime, Numeric, Text

from kernel.db import plain_table

unreported_months = plain_table(
    __name__,
    "insurance.unreported_months",
    """A month's reserve for losses not reported yet, and what it was reckoned by; append-only.

    Units: minor units; shares of one. Shape: month is its first day; the journal of the reserve is
    turned round when the next month is booked.
    """,
    Column("month", Date, primary_key=True),
    Column("insurer_key", Text, primary_key=True),
    Column("currency", Text, primary_key=True),
    Column("product", Text, primary_key=True),
    Column("earned", BigInteger, nullable=False),
    Column("expected_loss_ratio", Numeric, nullable=False),
    Column("reported_share", Numeric, nullable=False),
    Column("amount", BigInteger, nullable=False),
    Column("booked_at", DateTime(timezone=True), nullable=False),
    CheckConstraint("amount >= 0", name="amount_not_negative"),
    CheckConstraint("extract(day FROM month) = 1", name="month_is_its_first_day"),
)


# What rooms above may join.
READABLE = (unreported_months,)
