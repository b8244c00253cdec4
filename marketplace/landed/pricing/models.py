"""How converted prices are rounded, as dated rows."""

from __future__ import annotations

from datetime import date

from sqlalchemy import BigInteger, CheckConstraint
from sqlalchemy.orm import Mapped, mapped_column

from kernel.db import Base


class PriceRounding(Base):
    """From an amount on, converted prices of a currency are multiples of a step, less something.

    Units: minor units.
    """

    __tablename__ = "price_rounding"
    __table_args__ = (
        CheckConstraint("step_minor > 0", name="step_minor_positive"),
        CheckConstraint(
            "less_minor >= 0 AND less_minor < step_minor", name="less_minor_within_step"
        ),
        {"schema": "marketplace"},
    )

    currency: Mapped[str] = mapped_column(primary_key=True)
    valid_from: Mapped[date] = mapped_column(primary_key=True)
    from_minor: Mapped[int] = mapped_column(BigInteger, primary_key=True)
    step_minor: Mapped[int] = mapped_column(BigInteger)
    less_minor: Mapped[int] = mapped_column(BigInteger)
