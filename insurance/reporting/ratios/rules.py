"""The loss ratio and what it is made of."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from math import floor

from kernel.money import Money


class By(StrEnum):
    """What figures are added up by."""

    PRODUCT = "product"
    LANE = "lane"
    CARRIER = "carrier"
    SHOP = "shop"
    MONTH = "month"
    POLICY = "policy"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ratio:
    """Figures of one group.

    Shape: key is its product, lane, carrier, month or policy, or the number of its shop.
    """

    key: str
    earned: Money
    paid: Money
    outstanding: Money
    unreported: Money
    recovered: Money

    @property
    def cost(self) -> Money:
        """What claims have cost and will: paid, reserved, not reported yet, less what came back."""
        return self.paid + self.outstanding + self.unreported - self.recovered

    @property
    def ratio(self) -> Fraction | None:
        """What claims cost of each unit of earned premium; None where nothing is earned."""
        if self.earned.minor <= 0:
            return None
        return Fraction(self.cost.minor, self.earned.minor)

    @property
    def percent(self) -> Decimal:
        """The ratio in per cent, one digit, half up; nothing where nothing is earned."""
        tenths = floor((self.ratio or Fraction(0)) * 1000 + Fraction(1, 2))
        return Decimal(tenths) / 10
