"""Prices of cargo covers, and the policies concluded on them."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Index,
    Numeric,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from insurance.trade.cargo.rules import CargoState, Kind
from kernel.checks import one_of
from kernel.db import Base


class CargoQuote(Base):
    """The price of covering a shipment, or why there is none; never changed.

    Shape: asked is the shipment as it was typed, outcome its price or the gate's reason, and whose
    it is, both as plain values with money in minor units of currency. What somebody wants to buy by
    it waits beside it, as wish with the approval that is asked for. One that prices the change of a
    policy names it, and is bought by nothing else. opened is when which comparison of clauses was
    opened, None where that is not asked for: of a price of before it was kept, of a change and of
    what is declared under an open cover.
    """

    __tablename__ = "cargo_quotes"
    __table_args__ = (
        CheckConstraint("valid_until > created_at", name="lives_a_while"),
        Index("ix_cargo_quotes_owner_id_created_at", "owner_id", "created_at"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    owner_id: Mapped[UUID]
    currency: Mapped[str]
    asked: Mapped[dict[str, Any]] = mapped_column(JSONB)
    outcome: Mapped[dict[str, Any]] = mapped_column(JSONB)
    tariff_version: Mapped[str]
    wish: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    opened: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    approval_id: Mapped[UUID | None]
    policy_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))


class CargoPolicy(Base):
    """A concluded cover of a shipment; what it states is its quote's, which never changes.

    Units: insured_eur in euro, as it counts towards what travels together. Shape: voyage names the
    conveyance and its day; demands is the record of conclusion; revision counts what its
    certificate has stated since, the first being one, and revised_at is when the last was. terms_id
    is the shipment as it was changed, null for that of conclusion; attached_at is the beginning of
    the day of departure, discharged_on and arrived_on are what its holder said; open_cover is the
    reference of the cover that it was declared under, null where it was bought by itself.
    """

    __tablename__ = "cargo_policies"
    __table_args__ = (
        CheckConstraint("insured_eur > 0", name="insures_something"),
        Index("ix_cargo_policies_voyage", "voyage"),
        Index("ix_cargo_policies_owner_id_bound_at", "owner_id", "bound_at"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    quote_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.cargo_quotes.id"), unique=True)
    owner_id: Mapped[UUID]
    wallet_id: Mapped[UUID]
    insurer_key: Mapped[str]
    voyage: Mapped[str]
    departs_on: Mapped[date]
    insured_eur: Mapped[Decimal] = mapped_column(Numeric(20, 2))
    demands: Mapped[dict[str, Any]] = mapped_column(JSONB)
    bound_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    revision: Mapped[int] = mapped_column(server_default="1")
    revised_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    terms_id: Mapped[UUID | None] = mapped_column(ForeignKey("insurance.cargo_quotes.id"))
    state: Mapped[str] = mapped_column(one_of("state", CargoState), server_default="bound")
    attached_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    discharged_on: Mapped[date | None]
    arrived_on: Mapped[date | None]
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    is_claim_notified: Mapped[bool] = mapped_column(server_default="false")
    open_cover: Mapped[str | None]


class CargoChange(Base):
    """A change of a policy of cargo as it was priced and shown; done as it stands here or never.

    Units: minor units of currency; net, tax and commission below zero where they go back, kept_net
    and kept_commission are what is earned by a policy that ends. Shape: on_revision and standing
    say what the policy was like; terms_id is the shipment that it is to insure.
    """

    __tablename__ = "cargo_changes"
    __table_args__ = (
        # Of any number of changes shown for a revision one is done, whatever runs at once.
        Index(
            "uq_cargo_changes_policy_id_on_revision",
            "policy_id",
            "on_revision",
            unique=True,
            postgresql_where=text("executed_at IS NOT NULL"),
        ),
        Index("ix_cargo_changes_policy_id_created_at", "policy_id", "created_at"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.cargo_policies.id"))
    on_revision: Mapped[int]
    kind: Mapped[str] = mapped_column(one_of("kind", Kind))
    standing: Mapped[str]
    terms_id: Mapped[UUID | None] = mapped_column(ForeignKey("insurance.cargo_quotes.id"))
    currency: Mapped[str]
    net: Mapped[int] = mapped_column(BigInteger)
    tax: Mapped[int] = mapped_column(BigInteger)
    commission: Mapped[int] = mapped_column(BigInteger)
    kept_net: Mapped[int] = mapped_column(BigInteger)
    kept_commission: Mapped[int] = mapped_column(BigInteger)
    holder_id: Mapped[UUID]
    approval_id: Mapped[UUID | None]
    created_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    valid_until: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    executed_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


# What rooms above may join.
READABLE = (CargoPolicy, CargoQuote)
