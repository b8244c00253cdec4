"""Rules of shops and what happened to them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from insurance.offers.quotes.queries import Cover
from kernel.checks import one_of
from kernel.db import Base


class SellerRule(Base):
    """A rule by which a shop insures its parcels at its own cost.

    Units: least in minor units of currency; days are whole, both included. Shape: country is empty
    for all; information is the version of the product information that was open when the rule was
    made or changed last, informed_at when.
    """

    __tablename__ = "seller_rules"
    __table_args__ = (
        CheckConstraint("least > 0", name="least_is_positive"),
        CheckConstraint(
            "active_until IS NULL OR active_until >= active_from", name="days_in_order"
        ),
        # One rule speaks for a country of a shop; a stopped one may be followed by another.
        Index(
            "uq_seller_rules_organisation_id_country",
            "organisation_id",
            "country",
            unique=True,
            postgresql_where=text("stopped_at IS NULL"),
        ),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    organisation_id: Mapped[UUID]
    country: Mapped[str]
    currency: Mapped[str]
    least: Mapped[int] = mapped_column(BigInteger)
    level: Mapped[str] = mapped_column(one_of("level", Cover))
    active_from: Mapped[date]
    active_until: Mapped[date | None]
    information: Mapped[str]
    informed_at: Mapped[datetime]
    locale: Mapped[str]
    made_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]


class SellerRuleEntry(Base):
    """One line of a rule's history; append-only.

    Shape: what is made, changed or stopped; terms holds what the rule said from then on, as plain
    values; actor is who did it, as the audit trail calls them.
    """

    __tablename__ = "seller_rule_entries"
    __table_args__ = (
        Index("ix_seller_rule_entries_rule_id_id", "rule_id", "id"),
        {"schema": "insurance"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    rule_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.seller_rules.id"))
    what: Mapped[str]
    terms: Mapped[dict[str, Any]] = mapped_column(JSONB)
    actor: Mapped[str]
    at: Mapped[datetime]


# What rooms above may join.
READABLE = (SellerRule,)
