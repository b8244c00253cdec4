"""Rates as published, terms by date, quotes as signed, exchanges as made."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Identity,
    Index,
    Numeric,
    Text,
)
from sqlalchemy.orm import Mapped, mapped_column

from banking.core.fx.rules import Purpose, Side
from kernel.checks import one_of
from kernel.db import Base, plain_table

_SCHEMA = {"schema": "banking"}


class RateSource(Base):
    """Who publishes rates, in words for the page, and how old a rate of theirs may be.

    Units: max_age_days; NULL is the installation's setting.
    """

    __tablename__ = "fx_sources"
    __table_args__ = (CheckConstraint("max_age_days > 0", name="max_age_days_positive"), _SCHEMA)

    code: Mapped[str] = mapped_column(primary_key=True)
    attribution: Mapped[str]
    max_age_days: Mapped[int | None]


fx_rates = plain_table(
    __name__,
    "banking.fx_rates",
    """One currency's rate of one day, as published.

    Units: units of the currency per euro.
    """,
    Column("currency", Text, primary_key=True),
    Column("rate_on", Date, primary_key=True),
    Column("per_euro", Numeric, nullable=False),
    Column("source", ForeignKey("banking.fx_sources.code"), nullable=False),
    CheckConstraint("per_euro > 0", name="per_euro_positive"),
)


class PeggedRate(Base):
    """A currency fixed to an anchor by its central bank, from a day on.

    Units: units of the currency per unit of the anchor.
    """

    __tablename__ = "fx_pegs"
    __table_args__ = (CheckConstraint("per_anchor > 0", name="per_anchor_positive"), _SCHEMA)

    currency: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    valid_until: Mapped[date | None]
    anchor: Mapped[str]
    per_anchor: Mapped[Decimal] = mapped_column(Numeric)
    attribution: Mapped[str]


class FxTerms(Base):
    """Margin and life of quotes for a purpose, from a day on; `*` stands for every currency.

    Units: margin_bp in hundredths of a percent of the amount given; quote_seconds.
    """

    __tablename__ = "fx_terms"
    __table_args__ = (
        CheckConstraint("margin_bp >= 0 AND margin_bp < 1000", name="margin_bp_sane"),
        CheckConstraint("quote_seconds > 0", name="quote_seconds_positive"),
        _SCHEMA,
    )

    purpose: Mapped[str] = mapped_column(one_of("purpose", Purpose), primary_key=True)
    sell: Mapped[str] = mapped_column(primary_key=True)
    buy: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    margin_bp: Mapped[int]
    quote_seconds: Mapped[int]
    source: Mapped[str]


class Quote(Base):
    """A rate promised to one owner or for one order until an instant, under the bank's signature.

    Units: sell_minor and buy_minor in minor units, NULL in a lock without an amount; the ratio of
    the mid rate as two whole numbers.
    """

    __tablename__ = "fx_quotes"
    __table_args__ = (
        CheckConstraint("sell <> buy", name="two_currencies"),
        CheckConstraint("valid_until > quoted_at", name="valid_for_a_while"),
        CheckConstraint(
            "(side = 'free') = (sell_minor IS NULL) AND (side = 'free') = (buy_minor IS NULL)",
            name="amounts_unless_free",
        ),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    owner_id: Mapped[UUID | None] = mapped_column(index=True)
    subject: Mapped[str]
    purpose: Mapped[str] = mapped_column(one_of("purpose", Purpose))
    side: Mapped[str] = mapped_column(one_of("side", Side))
    sell: Mapped[str]
    buy: Mapped[str]
    sell_minor: Mapped[int | None] = mapped_column(BigInteger)
    buy_minor: Mapped[int | None] = mapped_column(BigInteger)
    mid_numerator: Mapped[Decimal] = mapped_column(Numeric)
    mid_denominator: Mapped[Decimal] = mapped_column(Numeric)
    margin_bp: Mapped[int]
    rate_on: Mapped[date]
    source: Mapped[str]
    attribution: Mapped[str]
    quoted_at: Mapped[datetime]
    valid_until: Mapped[datetime]
    signature: Mapped[str]
    used_by: Mapped[UUID | None] = mapped_column(unique=True)


class Execution(Base):
    """An exchange that was made under a quote; what a refund at the original rate goes by.

    Units: minor units of the quote's currencies.
    """

    __tablename__ = "fx_executions"
    __table_args__ = (
        Index("ix_fx_executions_quote_id", "quote_id", "seq"),
        CheckConstraint("sold_minor > 0 AND bought_minor > 0", name="both_sides_move"),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    seq: Mapped[int] = mapped_column(BigInteger, Identity())
    ref: Mapped[str] = mapped_column(unique=True)
    quote_id: Mapped[UUID] = mapped_column(ForeignKey("banking.fx_quotes.id"))
    sold_minor: Mapped[int] = mapped_column(BigInteger)
    spread_minor: Mapped[int] = mapped_column(BigInteger)
    bought_minor: Mapped[int] = mapped_column(BigInteger)
    executed_at: Mapped[datetime]


class ExecutionRefund(Base):
    """A part of an exchange that went back at its original rate.

    Units: minor units; bought_minor came back, sold_minor was returned, of which spread_minor from
    the margin, value_minor at the rate of the day, result_minor from the house's own pocket.
    """

    __tablename__ = "fx_refunds"
    __table_args__ = (
        CheckConstraint("bought_minor > 0 AND sold_minor >= 0", name="something_goes_back"),
        CheckConstraint(
            "sold_minor = spread_minor + value_minor + result_minor", name="parts_re_add"
        ),
        _SCHEMA,
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    execution_id: Mapped[UUID] = mapped_column(ForeignKey("banking.fx_executions.id"), index=True)
    bought_minor: Mapped[int] = mapped_column(BigInteger)
    sold_minor: Mapped[int] = mapped_column(BigInteger)
    spread_minor: Mapped[int] = mapped_column(BigInteger)
    value_minor: Mapped[int] = mapped_column(BigInteger)
    result_minor: Mapped[int] = mapped_column(BigInteger)
    refunded_at: Mapped[datetime]
