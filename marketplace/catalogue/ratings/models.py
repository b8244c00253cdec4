"""Counts of reviews by stars, one row for each product and each shop that has any."""

from __future__ import annotations

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base

_NOT_NEGATIVE = "one >= 0 AND two >= 0 AND three >= 0 AND four >= 0 AND five >= 0"


class _Counts:
    """Units: reviews that are shown."""

    one: Mapped[int] = mapped_column(server_default="0")
    two: Mapped[int] = mapped_column(server_default="0")
    three: Mapped[int] = mapped_column(server_default="0")
    four: Mapped[int] = mapped_column(server_default="0")
    five: Mapped[int] = mapped_column(server_default="0")


class ProductRating(_Counts, Base):
    """The reviews of a product by their stars."""

    __tablename__ = "product_rating"
    __table_args__ = (
        CheckConstraint(_NOT_NEGATIVE, name="counts_not_negative"),
        {"schema": "marketplace"},
    )

    product_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("marketplace.product.id"), primary_key=True
    )


class VendorRating(_Counts, Base):
    """The reviews of what a shop sold by their stars."""

    __tablename__ = "vendor_rating"
    __table_args__ = (
        CheckConstraint(_NOT_NEGATIVE, name="counts_not_negative"),
        {"schema": "marketplace"},
    )

    vendor_id: Mapped[int] = mapped_column(
        BigInteger, ForeignKey("marketplace.vendor.id"), primary_key=True
    )


# What rooms above may join.
READABLE = (ProductRating,)
