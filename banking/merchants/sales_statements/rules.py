"""How the lines of a vendor's statement add up; plain values in and out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kernel.money import Money, total


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """What one journal did. Shape: kind as the line's; fee is inside a sale and a refund."""

    kind: str
    amount: Money
    fee: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Sums:
    """A period in one sum each: opening + all the others = closing."""

    opening: Money
    sales: Money
    commission: Money
    refunds: Money
    reserve: Money
    exchanged: Money
    payouts: Money
    other: Money

    @property
    def closing(self) -> Money:
        """What the vendor had at the end, less what the vendor owed."""
        parts = [
            self.opening,
            self.sales,
            self.commission,
            self.refunds,
            self.reserve,
            self.exchanged,
            self.payouts,
            self.other,
        ]
        return total(parts, self.opening.currency)


def added_up(opening: Money, moved: Sequence[Moved]) -> Sums:
    """Return what lines add up to, kind by kind; sales and refunds stand before it."""

    def of(*kinds: str) -> Money:
        return total([one.amount for one in moved if one.kind in kinds], opening.currency)

    def fees(*kinds: str) -> Money:
        return total([one.fee for one in moved if one.kind in kinds], opening.currency)

    return Sums(
        opening=opening,
        sales=of("sale") + fees("sale"),
        commission=-fees("sale", "refund"),
        refunds=of("refund") + fees("refund"),
        reserve=of("reserve"),
        exchanged=of("exchange"),
        payouts=of("payout"),
        other=of("cover", "debt", "other"),
    )
