"""Stock levels, reservations with their lines, and every movement of pieces."""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    Integer,
    Text,
    Uuid,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from kernel.checks import one_of
from kernel.db import Base, plain_table

_SCHEMA = {"schema": "marketplace"}

stock_level = plain_table(
    __name__,
    "marketplace.stock_level",
    """How many pieces of an offer lie there and who has a claim on them.

    Units: pieces. available = on_hand - reserved - allocated.
    """,
    Column("offer_id", BigInteger, ForeignKey("marketplace.offer.id"), primary_key=True),
    Column("on_hand", Integer, nullable=False),
    Column("reserved", Integer, server_default="0", nullable=False),
    Column("allocated", Integer, server_default="0", nullable=False),
    Column("version", BigInteger, server_default="1", nullable=False),
    CheckConstraint("on_hand >= 0", name="on_hand_not_negative"),
    CheckConstraint("reserved >= 0", name="reserved_not_negative"),
    CheckConstraint("allocated >= 0", name="allocated_not_negative"),
    CheckConstraint("reserved + allocated <= on_hand", name="claims_within_on_hand"),
    fillfactor=70,
)


stock_reservation = plain_table(
    __name__,
    "marketplace.stock_reservation",
    """Pieces kept for a cart until an instant; its id is the caller's key.""",
    Column("id", Uuid, primary_key=True),
    Column("cart_ref", Text, nullable=False),
    Column("expires_at", DateTime(timezone=True), nullable=False),
    Column("is_open", Boolean, nullable=False),
    Column("created_at", DateTime(timezone=True), nullable=False),
    Index("ix_stock_reservation_expires_at", "expires_at", postgresql_where=text("is_open")),
    Index("ix_stock_reservation_cart_ref", "cart_ref"),
)


class ReservationLine(Base):
    """Pieces of one offer in a reservation, and how far they got.

    Shape: state is reserved, allocated, shipped, released or expired; order_ref from allocation on.
    """

    __tablename__ = "stock_reservation_line"
    __table_args__ = (
        CheckConstraint("quantity > 0", name="quantity_positive"),
        CheckConstraint(
            "state IN ('reserved', 'allocated', 'shipped', 'released', 'expired')",
            name="state_known",
        ),
        CheckConstraint(
            "(order_ref IS NOT NULL) = (state IN ('allocated', 'shipped')) OR state = 'released'",
            name="orders_own_allocated_pieces",
        ),
        Index("ix_stock_reservation_line_order_ref", "order_ref"),
        _SCHEMA,
    )

    reservation_id: Mapped[UUID] = mapped_column(
        ForeignKey("marketplace.stock_reservation.id"), primary_key=True
    )
    offer_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("marketplace.stock_level.offer_id"), primary_key=True
    )
    quantity: Mapped[int]
    state: Mapped[str]
    order_ref: Mapped[str | None]


# What changes a level: the commands of this room, and how a reservation ends.
_MOVES = (
    "reserve",
    "released",
    "expired",
    "allocate",
    "deallocate",
    "ship",
    "restock",
    "count",
)

stock_movement = plain_table(
    __name__,
    "marketplace.stock_movement",
    """One change of a stock level, append-only: the level is the sum of its movements.

    Units: pieces, signed.
    """,
    Column("id", BigInteger, Identity(), primary_key=True),
    Column("offer_id", BigInteger, nullable=False),
    Column("kind", Text, one_of("kind", _MOVES), nullable=False),
    Column("on_hand", Integer, nullable=False),
    Column("reserved", Integer, nullable=False),
    Column("allocated", Integer, nullable=False),
    Column("subject", Text, nullable=False),
    Column("moved_at", DateTime(timezone=True), nullable=False),
    Index("ix_stock_movement_offer_id", "offer_id", "id"),
)


# What rooms above may join.
READABLE = (stock_level, stock_reservation, ReservationLine)
