"""Returns of premium tax with their lines, as they were prepared and paid."""

from __future__ import annotations

from datetime import date, datetime
from uuid import UUID

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
    Uuid,
    text,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.orm import Mapped, mapped_column

from insurance.reporting.tax_returns.rules import ReturnState
from kernel.checks import one_of
from kernel.db import Base, plain_table


class TaxReturn(Base):
    """What an insurer owes to a country for a period, in one currency.

    Units: amount in minor units, below zero where the state gives back. Shape: first is the first
    day of the period, after the first behind it; sha256 is of the lines; reason is why it was sent
    back. A period has one return that was not sent back.
    """

    __tablename__ = "tax_returns"
    __table_args__ = (
        CheckConstraint("prepared_by <> confirmed_by", name="two_people"),
        CheckConstraint(
            "(state = 'paid') = (paid_at IS NOT NULL)"
            " AND (paid_at IS NULL) = (confirmed_by IS NULL)",
            name="paid_by_somebody",
        ),
        CheckConstraint("first < after AND extract(day FROM first) = 1", name="spans_months"),
        Index(
            "uq_tax_returns_insurer_key_country_currency_first",
            "insurer_key",
            "country",
            "currency",
            "first",
            unique=True,
            postgresql_where=text("state <> 'sent_back'"),
        ),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    insurer_key: Mapped[str]
    country: Mapped[str]
    currency: Mapped[str]
    first: Mapped[date]
    after: Mapped[date]
    due_on: Mapped[date]
    amount: Mapped[int] = mapped_column(BigInteger)
    sha256: Mapped[str]
    state: Mapped[str] = mapped_column(one_of("state", ReturnState))
    prepared_by: Mapped[UUID]
    prepared_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    confirmed_by: Mapped[UUID | None]
    paid_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    reason: Mapped[str]


tax_return_lines = plain_table(
    __name__,
    "insurance.tax_return_lines",
    """A line of a return as it was prepared; append-only.

    Units: minor units. Shape: month is the first day of the bordereau's; journals are numbers.
    """,
    Column("return_id", Uuid, ForeignKey("insurance.tax_returns.id"), primary_key=True),
    Column("number", Integer, primary_key=True, autoincrement=False),
    Column("month", Date, nullable=False),
    Column("subject", Text, nullable=False),
    Column("rate", Text, nullable=False),
    Column("net", BigInteger, nullable=False),
    Column("tax", BigInteger, nullable=False),
    Column("journals", ARRAY(BigInteger), nullable=False),
)
