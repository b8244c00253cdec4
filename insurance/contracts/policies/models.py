"""Policies and what happened to them."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import (
    BigInteger,
    CheckConstraint,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    text,
)
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from insurance.contracts.policies.rules import PolicyState
from kernel.checks import one_of
from kernel.db import Base


class Policy(Base):
    """A concluded cover of one parcel.

    Units: minor units of currency. Shape: sections maps LOSS and DELAY to net, tax, tax_pct,
    commission; delay is trigger_days and benefit or null; perils are the causes that it was sold
    with, None for those of its level; demands is the record of conclusion.
    side is whose loss it insures, payer who pays for it. wallet_id is of whoever paid, a wallet or
    a card's payment; refund_wallet_id is the wallet that
    its holder prefers for what comes back, None while that goes to what paid. insured_name is who
    is insured where that is named, assignor_id who handed the policy to its holder, revised_at when
    its terms changed last; all are None for a policy that is as it was concluded. seller_id is the
    shop that sold the parcel, as the marketplace numbers it and as it was known at conclusion; None
    for parcels that no shop sold.
    """

    __tablename__ = "policies"
    __table_args__ = (
        CheckConstraint("sum_insured > 0", name="insures_something"),
        CheckConstraint("side IN ('buyer', 'seller')", name="side_known"),
        CheckConstraint("payer IN ('holder', 'vendor')", name="payer_known"),
        CheckConstraint("attached_at IS NULL OR attached_at >= bound_at", name="bound_first"),
        CheckConstraint(
            "state IN ('bound', 'attached', 'completed', 'cancelled', 'voided', 'exhausted')",
            name="known_state",
        ),
        CheckConstraint(
            "state <> 'attached' OR attached_at IS NOT NULL", name="attached_has_instant"
        ),
        # One live policy per parcel and side; a cancelled one may be followed by another.
        Index(
            "uq_policies_live_parcel_ref_side",
            "parcel_ref",
            "side",
            unique=True,
            postgresql_where=text("state NOT IN ('cancelled', 'voided')"),
        ),
        Index("ix_policies_policyholder_id_bound_at", "policyholder_id", "bound_at"),
        Index("ix_policies_seller_id", "seller_id"),
        Index("ix_policies_order_ref", "order_ref"),
        {"schema": "insurance"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    number: Mapped[str] = mapped_column(unique=True)
    key: Mapped[UUID] = mapped_column(unique=True)
    request_hash: Mapped[bytes] = mapped_column(LargeBinary)
    quote_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.quotes.id"))
    insurer_key: Mapped[str]
    policyholder_id: Mapped[UUID]
    wallet_id: Mapped[UUID]
    refund_wallet_id: Mapped[UUID | None]
    parcel_ref: Mapped[str]
    side: Mapped[str] = mapped_column(server_default="buyer")
    payer: Mapped[str] = mapped_column(server_default="holder")
    order_ref: Mapped[str]
    seller_id: Mapped[int | None] = mapped_column(BigInteger)
    cover: Mapped[str]
    goods: Mapped[str]
    currency: Mapped[str]
    sum_insured: Mapped[int] = mapped_column(BigInteger)
    gone_back: Mapped[int] = mapped_column(BigInteger, server_default="0")
    deductible: Mapped[int] = mapped_column(BigInteger)
    sections: Mapped[dict[str, Any]] = mapped_column(JSONB)
    delay: Mapped[dict[str, Any] | None] = mapped_column(JSONB(none_as_null=True))
    perils: Mapped[list[str] | None] = mapped_column(JSONB(none_as_null=True))
    risk: Mapped[dict[str, Any]] = mapped_column(JSONB)
    demands: Mapped[dict[str, Any]] = mapped_column(JSONB)
    tariff_version: Mapped[str]
    planned_days: Mapped[int]
    state: Mapped[str]
    revision: Mapped[int] = mapped_column(server_default="1")
    revised_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    insured_name: Mapped[str | None]
    assignor_id: Mapped[UUID | None]
    is_claim_notified: Mapped[bool] = mapped_column(server_default="false")
    bound_at: Mapped[datetime] = mapped_column(DateTime(timezone=True))
    attached_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    delivered_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))
    ended_at: Mapped[datetime | None] = mapped_column(DateTime(timezone=True))


class PolicyEntry(Base):
    """One line of a policy's history; append-only.

    Shape: what names the event, facts holds its plain values.
    """

    __tablename__ = "policy_entries"
    __table_args__ = (
        Index("ix_policy_entries_policy_id_id", "policy_id", "id"),
        {"schema": "insurance"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    policy_id: Mapped[UUID] = mapped_column(ForeignKey("insurance.policies.id"))
    what: Mapped[str]
    state: Mapped[str] = mapped_column(one_of("state", PolicyState))
    facts: Mapped[dict[str, Any]] = mapped_column(JSONB)
    at: Mapped[datetime] = mapped_column(DateTime(timezone=True))


# What rooms above may join.
READABLE = (Policy, PolicyEntry)
