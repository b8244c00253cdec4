"""Order groups, vendor orders, their lines and their history."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, Text, text
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.checks import one_of
from kernel.db import Base
from marketplace.buying.orders.rules import OrderState


class OrderGroup(Base):
    """What the buyer bought with one payment.

    Units: minor units of `currency`.
    Shape: address is a snapshot; parcels keep their own copies. wallet_id and payment_id (of a
    card) say what paid, one of them or both; refund_wallet_id is the wallet that its buyer prefers
    for what comes back, None while that goes to what paid; business_name is whom it was bought for,
    None for the buyer.
    """

    __tablename__ = "order_group"
    __table_args__ = (
        Index("ix_order_group_person_id_placed_at", "person_id", "placed_at"),
        CheckConstraint("total_minor > 0", name="total_is_positive"),
        CheckConstraint("wallet_id IS NOT NULL OR payment_id IS NOT NULL", name="something_paid"),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    checkout_ref: Mapped[str] = mapped_column(unique=True)
    person_id: Mapped[UUID]
    wallet_id: Mapped[UUID | None]
    payment_id: Mapped[UUID | None]
    refund_wallet_id: Mapped[UUID | None]
    currency: Mapped[str]
    country: Mapped[str]
    locale: Mapped[str]
    address: Mapped[dict[str, Any]] = mapped_column(JSONB)
    business_name: Mapped[str | None]
    premium_minor: Mapped[int] = mapped_column(BigInteger)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    placed_at: Mapped[datetime]


class VendorOrder(Base):
    """One vendor's share of a group: one parcel, one hold, one clock.

    Units: `*_minor` in the buyer's currency, `vendor_*_minor` in the vendor's; border_back_minor
    is what customs did not take and the buyer has back. While is_returning, goods may come back and
    nothing is paid out.
    Shape: delivery holds the chosen option; origin is where the vendor sends from; steps are the
    landed-cost lines as shown at payment; ship_by_on is when the carrier must have the parcel for
    the promised day to hold; delay_told_at is when it was certain that goods that nobody had packed
    come late; refused_at is when customs said that the parcel may not enter.
    """

    __tablename__ = "vendor_order"
    __table_args__ = (
        Index("ix_vendor_order_group_id", "group_id"),
        Index("ix_vendor_order_organisation_id_placed_at", "organisation_id", "placed_at"),
        Index("ix_vendor_order_organisation_id_ship_by_on", "organisation_id", "ship_by_on"),
        Index("ix_vendor_order_state_release_due_at", "state", "release_due_at"),
        Index(
            "ix_vendor_order_open",
            "organisation_id",
            "state",
            "ship_by_on",
            postgresql_where=text(
                "state IN ('paid', 'dispatched', 'in_transit', 'customs', 'delivered')"
            ),
        ),
        CheckConstraint(
            "total_minor = goods_minor + freight_minor + duty_minor + tax_minor + fees_minor",
            name="total_readds",
        ),
        CheckConstraint(
            "goods_minor > 0 AND freight_minor >= 0 AND duty_minor >= 0 AND tax_minor >= 0"
            " AND fees_minor >= 0",
            name="parts_are_not_negative",
        ),
        CheckConstraint(
            "border_back_minor BETWEEN 0 AND duty_minor + tax_minor + fees_minor",
            name="no_more_back_than_paid",
        ),
        CheckConstraint(
            "vendor_commission_minor BETWEEN 0 AND vendor_goods_minor",
            name="commission_within_goods",
        ),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    group_id: Mapped[UUID] = mapped_column(ForeignKey("marketplace.order_group.id"))
    vendor_id: Mapped[int] = mapped_column(BigInteger)
    organisation_id: Mapped[UUID]
    state: Mapped[str] = mapped_column(one_of("state", OrderState))
    currency: Mapped[str]
    goods_minor: Mapped[int] = mapped_column(BigInteger)
    freight_minor: Mapped[int] = mapped_column(BigInteger)
    duty_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    fees_minor: Mapped[int] = mapped_column(BigInteger)
    total_minor: Mapped[int] = mapped_column(BigInteger)
    border_back_minor: Mapped[int] = mapped_column(BigInteger, server_default="0")
    is_returning: Mapped[bool] = mapped_column(server_default="false")
    vendor_currency: Mapped[str]
    vendor_goods_minor: Mapped[int] = mapped_column(BigInteger)
    vendor_commission_minor: Mapped[int] = mapped_column(BigInteger)
    commission_term: Mapped[str]
    rate_quote_id: Mapped[UUID | None]
    customs_quote_id: Mapped[UUID]
    insurance_quote_id: Mapped[UUID | None]
    cover: Mapped[str | None]
    delivery: Mapped[dict[str, Any]] = mapped_column(JSONB)
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    ship_by_on: Mapped[date]
    promised_on: Mapped[date]
    delay_told_at: Mapped[datetime | None]
    refused_at: Mapped[datetime | None]
    parcel_ref: Mapped[str] = mapped_column(unique=True)
    origin: Mapped[dict[str, Any]] = mapped_column(JSONB)
    placed_at: Mapped[datetime]
    dispatched_at: Mapped[datetime | None]
    delivered_at: Mapped[datetime | None]
    release_due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class OrderLine(Base):
    """Goods of one vendor order, as they were called and priced when bought.

    Shape: titles maps a locale to the title; picture is a media path; hazards are
    what carriers must know of the goods.
    """

    __tablename__ = "order_line"
    __table_args__ = (
        Index("ix_order_line_vendor_order_id", "vendor_order_id"),
        CheckConstraint("quantity > 0", name="quantity_is_positive"),
        {"schema": "marketplace"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    vendor_order_id: Mapped[UUID] = mapped_column(ForeignKey("marketplace.vendor_order.id"))
    offer_id: Mapped[int] = mapped_column(BigInteger)
    product_ref: Mapped[str]
    sku: Mapped[str]
    titles: Mapped[dict[str, str]] = mapped_column(JSONB)
    options: Mapped[dict[str, Any]] = mapped_column(JSONB)
    picture: Mapped[str | None]
    quantity: Mapped[int]
    unit_minor: Mapped[int] = mapped_column(BigInteger)
    vendor_unit_minor: Mapped[int] = mapped_column(BigInteger)
    hs_code: Mapped[str]
    origin_country: Mapped[str]
    weight_g: Mapped[int]
    hazards: Mapped[list[str]] = mapped_column(ARRAY(Text), server_default="{}")


class OrderStep(Base):
    """One change of a vendor order's state; appended, never edited."""

    __tablename__ = "order_step"
    __table_args__ = (
        Index("ix_order_step_vendor_order_id_id", "vendor_order_id", "id"),
        {"schema": "marketplace"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    vendor_order_id: Mapped[UUID] = mapped_column(ForeignKey("marketplace.vendor_order.id"))
    state: Mapped[str] = mapped_column(one_of("state", OrderState))
    at: Mapped[datetime]
    actor: Mapped[str]


class OrderRefund(Base):
    """What went back for goods that were sent back, part by part; appended, never edited.

    Units: `*_minor` in the buyer's currency, `vendor_*_minor` in the vendor's: its price of the
    goods, and the commission that the house gives back for them.
    """

    __tablename__ = "order_refund"
    __table_args__ = (
        Index("ix_order_refund_vendor_order_id", "vendor_order_id"),
        CheckConstraint(
            "goods_minor > 0 AND freight_minor >= 0 AND duty_minor >= 0 AND tax_minor >= 0"
            " AND fees_minor >= 0",
            name="parts_are_not_negative",
        ),
        CheckConstraint(
            "vendor_commission_minor BETWEEN 0 AND vendor_goods_minor",
            name="commission_within_goods",
        ),
        {"schema": "marketplace"},
    )

    key: Mapped[UUID] = mapped_column(primary_key=True)
    vendor_order_id: Mapped[UUID] = mapped_column(ForeignKey("marketplace.vendor_order.id"))
    goods_minor: Mapped[int] = mapped_column(BigInteger)
    freight_minor: Mapped[int] = mapped_column(BigInteger)
    duty_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    fees_minor: Mapped[int] = mapped_column(BigInteger)
    vendor_goods_minor: Mapped[int] = mapped_column(BigInteger)
    vendor_commission_minor: Mapped[int] = mapped_column(BigInteger)
    at: Mapped[datetime]


# What rooms above may join.
READABLE = (OrderGroup, VendorOrder, OrderLine, OrderRefund)
