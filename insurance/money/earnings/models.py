"""How far each policy's premium is earned, and what each day added."""

from __future__ import annotations

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    Index,
    Integer,
    Text,
    Uuid,
    text,
)

from kernel.db import plain_table

earning_plans = plain_table(
    __name__,
    "insurance.earning_plans",
    """A policy on risk, whose premium is earned evenly over its planned days.

    Units: minor units; started 24-hour periods from the first scan on. Shape: earned_days of them
    are over and booked, with earned_net and earned_commission; of one that waits nothing is, since
    its whole price may still go back. ended_on is the day on which the rest was booked.
    """,
    Column("policy_id", Uuid, primary_key=True),
    Column("insurer_key", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("net", BigInteger, nullable=False),
    Column("commission", BigInteger, nullable=False),
    Column("planned_days", Integer, nullable=False),
    Column("attached_at", DateTime(timezone=True), nullable=False),
    Column("waits", Boolean, nullable=False),
    Column("earned_days", Integer, nullable=False, server_default="0"),
    Column("earned_net", BigInteger, nullable=False, server_default="0"),
    Column("earned_commission", BigInteger, nullable=False, server_default="0"),
    Column("ended_on", Date),
    CheckConstraint("planned_days > 0", name="lasts_a_day"),
    CheckConstraint("earned_days BETWEEN 0 AND planned_days", name="earns_planned_days"),
    Index(
        "ix_earning_plans_running",
        "attached_at",
        postgresql_where=text("ended_on IS NULL AND NOT waits AND earned_days < planned_days"),
    ),
    fillfactor=70,
)

earned_days = plain_table(
    __name__,
    "insurance.earned_days",
    """What a day added to the earned premium of a policy: its share of that day's journal.

    Units: minor units; below zero where a refund reached further back than days were booked.
    """,
    Column("policy_id", Uuid, primary_key=True),
    Column("day", Date, primary_key=True),
    Column("insurer_key", Text, nullable=False),
    Column("currency", Text, nullable=False),
    Column("product", Text, nullable=False),
    Column("net", BigInteger, nullable=False),
    Column("commission", BigInteger, nullable=False),
    Index("ix_earned_days_day", "day"),
)


# What rooms above may join.
READABLE = (earned_days,)
