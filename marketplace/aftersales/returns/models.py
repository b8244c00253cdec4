"""Returns with their pieces and their history."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Identity, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.checks import one_of
from kernel.db import Base
from marketplace.aftersales.returns.rules import State

_OVER = "('settled', 'cancelled', 'closed', 'void')"


class ReturnRequest(Base):
    """Goods of one vendor order that go back, or a withdrawal before anything was sent.

    Units: `*_minor` in the currency of the order. Shape: way_back is who pays it; border is who
    gives duty and tax; is_arranged once the seller who pays the way back has said how; due_at is
    when the present state ends by itself.
    """

    __tablename__ = "return_request"
    __table_args__ = (
        CheckConstraint(
            "state IN ('awaited', 'open', 'sent', 'rejected', 'disputed', 'settled', 'cancelled',"
            " 'closed', 'void')",
            name="state_known",
        ),
        CheckConstraint(
            "reason IN ('changed_mind', 'damaged', 'not_as_described', 'wrong_item',"
            " 'arrived_late')",
            name="reason_known",
        ),
        CheckConstraint("way_back IN ('buyer', 'seller')", name="way_back_known"),
        CheckConstraint("border IN ('seller', 'authority', 'nobody')", name="border_known"),
        CheckConstraint(
            "goods_minor > 0 AND freight_minor >= 0 AND duty_minor >= 0 AND tax_minor >= 0"
            " AND fees_minor >= 0",
            name="parts_are_not_negative",
        ),
        CheckConstraint(f"(state IN {_OVER}) = (closed_at IS NOT NULL)", name="closed_has_instant"),
        Index(
            "uq_return_request_one_open",
            "vendor_order_id",
            unique=True,
            postgresql_where=text(f"state NOT IN {_OVER}"),
        ),
        Index("ix_return_request_order_ref", "order_ref", "opened_at"),
        Index("ix_return_request_organisation_id", "organisation_id", "opened_at"),
        Index("ix_return_request_due_at", "due_at", postgresql_where=text("due_at IS NOT NULL")),
        Index(
            "ix_return_request_disputed", "opened_at", postgresql_where=text("state = 'disputed'")
        ),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    ref: Mapped[str] = mapped_column(unique=True)
    vendor_order_id: Mapped[UUID] = mapped_column(ForeignKey("marketplace.vendor_order.id"))
    order_ref: Mapped[str]
    person_id: Mapped[UUID]
    organisation_id: Mapped[UUID]
    state: Mapped[str]
    reason: Mapped[str]
    is_withdrawal: Mapped[bool]
    note: Mapped[str]
    currency: Mapped[str]
    goods_minor: Mapped[int] = mapped_column(BigInteger)
    freight_minor: Mapped[int] = mapped_column(BigInteger)
    duty_minor: Mapped[int] = mapped_column(BigInteger)
    tax_minor: Mapped[int] = mapped_column(BigInteger)
    fees_minor: Mapped[int] = mapped_column(BigInteger)
    way_back: Mapped[str]
    border: Mapped[str]
    address: Mapped[str]
    country: Mapped[str]
    instructions: Mapped[str]
    is_arranged: Mapped[bool]
    carrier: Mapped[str]
    tracking_number: Mapped[str]
    rejection: Mapped[str]
    complaint: Mapped[str]
    decision: Mapped[str]
    opened_at: Mapped[datetime]
    due_at: Mapped[datetime | None]
    closed_at: Mapped[datetime | None]


class ReturnLine(Base):
    """Pieces of an order's line that go back. Units: pieces."""

    __tablename__ = "return_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_is_positive"),
        Index("ix_return_line_order_line_id", "order_line_id"),
        {"schema": "marketplace"},
    )

    return_id: Mapped[UUID] = mapped_column(
        ForeignKey("marketplace.return_request.id"), primary_key=True
    )
    order_line_id: Mapped[int] = mapped_column(
        ForeignKey("marketplace.order_line.id"), primary_key=True
    )
    quantity: Mapped[int]


class ReturnStep(Base):
    """One change of a return's state; appended, never edited."""

    __tablename__ = "return_step"
    __table_args__ = (
        Index("ix_return_step_return_id_id", "return_id", "id"),
        {"schema": "marketplace"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    return_id: Mapped[UUID] = mapped_column(ForeignKey("marketplace.return_request.id"))
    state: Mapped[str] = mapped_column(one_of("state", State))
    at: Mapped[datetime]
    actor: Mapped[str]


# What rooms above may join.
READABLE = (ReturnRequest, ReturnLine)
