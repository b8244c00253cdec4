"""Pictures of products."""

from __future__ import annotations

from sqlalchemy import BigInteger, ForeignKey, Identity, Index, Integer
from sqlalchemy.dialects.postgresql import ARRAY, JSONB
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class Picture(Base):
    """A picture of a product, or of one variant of it.

    Shape: path is below the media folder and names the content's hash; sizes are the widths of the
    derivatives, smallest first; alt maps locale to what the picture shows.
    """

    __tablename__ = "picture"
    __table_args__ = (
        Index("ix_picture_product_id", "product_id"),
        Index("uq_picture_product_path", "product_id", "path", unique=True),
        {"schema": "marketplace"},
    )

    id: Mapped[int] = mapped_column(BigInteger, Identity(), primary_key=True)
    product_id: Mapped[int] = mapped_column(ForeignKey("marketplace.product.id"))
    variant_id: Mapped[int | None] = mapped_column(ForeignKey("marketplace.variant.id"))
    path: Mapped[str]
    width: Mapped[int]
    height: Mapped[int]
    sizes: Mapped[list[int]] = mapped_column(ARRAY(Integer))
    alt: Mapped[dict[str, str]] = mapped_column(JSONB)
    position: Mapped[int] = mapped_column(server_default="0")


# What rooms above may join.
READABLE = (Picture,)
