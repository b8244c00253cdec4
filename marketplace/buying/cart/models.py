"""Carts and their lines."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, text
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Cart(Base):
    """A cart; whoever holds its id in the signed cookie, or signed in, may use it.

    A person has one; visitors without an account have as many as they have browsers, each until
    nobody has changed it for some months.
    """

    __tablename__ = "cart"
    __table_args__ = (
        Index("uq_cart_person_id", "person_id", unique=True),
        Index("ix_cart_visitors", "changed_at", postgresql_where=text("person_id IS NULL")),
        {"schema": "marketplace"},
    )

    id: Mapped[UUID] = mapped_column(primary_key=True)
    person_id: Mapped[UUID | None]
    changed_at: Mapped[datetime]


class CartLine(Base):
    """Pieces of one offer, with the price its buyer saw when adding them, or put by for later.

    Units: pieces; seen_minor in minor units of seen_currency, per piece.
    """

    __tablename__ = "cart_line"
    __table_args__ = (
        CheckConstraint("quantity BETWEEN 1 AND 99", name="quantity_within_limit"),
        {"schema": "marketplace"},
    )

    cart_id: Mapped[UUID] = mapped_column(
        ForeignKey("marketplace.cart.id", ondelete="CASCADE"), primary_key=True
    )
    offer_id: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    quantity: Mapped[int]
    seen_minor: Mapped[int] = mapped_column(BigInteger)
    seen_currency: Mapped[str]
    is_saved: Mapped[bool] = mapped_column(server_default="false")
    added_at: Mapped[datetime]


# What rooms above may join.
READABLE = (Cart, CartLine)
