"""A checkout under way: what is kept, where it goes, what each parcel costs."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, UniqueConstraint
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Checkout(Base):
    """One try to buy a cart. Its stock is reserved from the start, its prices from the address on.

    Shape: state is open, paid or left; address is the one typed or chosen, None before; aside are
    plain values of the goods that do not travel with this order, each with its reason; approval_id
    is the question whether to pay, None while nobody is asked; business_name is None for who buys
    for themselves, empty while a business has not been named; opened is when which product
    information was opened, None for a checkout of before that was kept.
    """

    __tablename__ = "checkout"
    __table_args__ = (
        CheckConstraint("state IN ('open', 'paid', 'left')", name="state_known"),
        CheckConstraint("(state = 'paid') = (group_ref IS NOT NULL)", name="paid_has_a_group"),
        Index("ix_checkout_person_id", "person_id"),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    cart_id: Mapped[UUID]
    person_id: Mapped[UUID]
    state: Mapped[str]
    currency: Mapped[str]
    country: Mapped[str]
    locale: Mapped[str]
    address: Mapped[dict[str, Any] | None] = mapped_column(JSONB)
    business_name: Mapped[str | None]
    aside: Mapped[list[dict[str, Any]]] = mapped_column(JSONB, server_default="[]")
    reservation_key: Mapped[UUID]
    reserved_until: Mapped[datetime]
    group_ref: Mapped[str | None]
    approval_id: Mapped[UUID | None]
    opened: Mapped[dict[str, str] | None] = mapped_column(JSONB(none_as_null=True))
    started_at: Mapped[datetime]


class CheckoutParcel(Base):
    """One vendor's share: its goods as they were priced, the way chosen, what the border takes.

    Shape: lines are plain values of goods with offer
    version and both prices; options are the delivery options offered, `option` the chosen code;
    steps are the landed-cost lines the buyer sees, in the checkout's currency; informed_at is when
    its buyer stated to want the cover and to have read what it isn't.
    """

    __tablename__ = "checkout_parcel"
    __table_args__ = {"schema": "marketplace"}

    checkout_id: Mapped[UUID] = mapped_column(
        ForeignKey("marketplace.checkout.id", ondelete="CASCADE"), primary_key=True
    )
    vendor_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    position: Mapped[int]
    parcel_ref: Mapped[str]
    lines: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    options: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    option: Mapped[str]
    cover: Mapped[str | None]
    has_delay: Mapped[bool] = mapped_column(server_default="false")
    informed_at: Mapped[datetime | None]
    steps: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    customs_quote_id: Mapped[UUID]
    insurance_quote_id: Mapped[UUID | None]
    rate_quote_id: Mapped[UUID | None]
    promised_on: Mapped[date]
    valid_until: Mapped[datetime]


class CheckoutAttempt(Base):
    """One try to pay a checkout by card, alone or beside a wallet, with what the page showed then.

    Shape: payment_id is the card payment's; content is a digest of what was to be paid and how, so
    that a second press finds the first; wallet_minor is what the wallet pays of the total, which
    approval_id asks about; address, business_name and parcels are as the buyer saw them, to be
    placed.
    Units: minor units of the checkout's currency.
    """

    __tablename__ = "checkout_attempt"
    __table_args__ = (
        CheckConstraint(
            "state IN ('open', 'placed', 'failed', 'given_up')",
            name="state_known",
        ),
        CheckConstraint(
            "wallet_minor >= 0 AND wallet_minor < total_minor", name="the_card_pays_something"
        ),
        UniqueConstraint("checkout_id", "number"),
        {"schema": "marketplace"},
    )

    payment_id: Mapped[UUID] = mapped_column(primary_key=True)
    checkout_id: Mapped[UUID] = mapped_column(
        ForeignKey("marketplace.checkout.id", ondelete="CASCADE")
    )
    number: Mapped[int]
    state: Mapped[str]
    content: Mapped[str]
    total_minor: Mapped[int] = mapped_column(BigInteger)
    wallet_minor: Mapped[int] = mapped_column(BigInteger)
    approval_id: Mapped[UUID | None]
    is_approved: Mapped[bool]
    address: Mapped[dict[str, Any]] = mapped_column(JSONB)
    business_name: Mapped[str | None]
    parcels: Mapped[list[dict[str, Any]]] = mapped_column(JSONB)
    begun_at: Mapped[datetime]
