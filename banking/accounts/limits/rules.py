"""Limits in plain values: what a tier allows, when a window starts anew, what is left of it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction

from kernel.money import Money, exponent


class Period(StrEnum):
    """What a limit counts: all of a day, all of a month, or what one payee gets in a day."""

    DAY = "day"
    MONTH = "month"
    PAYEE = "payee"


@dataclass(frozen=True, slots=True, kw_only=True)
class TierRow:
    """What a tier allows from a day on. Units: whole euros; holds None has no end."""

    kind: str
    tier: int
    valid_from: date
    holds: int | None
    spends: Mapping[Period, int]
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class TierLimits:
    """What a tier allows in one currency. Shape: holds None has no end."""

    tier: int
    holds: Money | None
    spends: Mapping[Period, Money]

    def room(self, posted: Money) -> Money | None:
        """Return what a wallet with so much in it may still take in; None has no end."""
        if self.holds is None:
            return None
        return max(Money.zero(posted.currency), self.holds - posted)


def in_currency(row: TierRow, currency: str, per_euro: Decimal) -> TierLimits:
    """Return a tier's row in a currency, by the round figure that stands for a euro of limit."""
    return TierLimits(
        tier=row.tier,
        holds=None if row.holds is None else Money.rounded(row.holds * per_euro, currency),
        spends={
            period: Money.rounded(euros * per_euro, currency)
            for period, euros in row.spends.items()
        },
    )


def in_euro(amount: Money, per_euro: Decimal) -> Money:
    """Return how much of an owner's limit an amount uses up, rounded up to the cent."""
    return Money(math.ceil(amount.exact / Fraction(per_euro) * 100), "EUR")


def from_euro(left: Money, currency: str, per_euro: Decimal) -> Money:
    """Return the most of a currency that uses up no more than so much of an owner's limit."""
    return Money(math.floor(left.exact * Fraction(per_euro) * 10 ** exponent(currency)), currency)


def window(period: Period, today: date) -> str:
    """Return the name of the window that a day falls into, `2026-11-25` or `2026-11`."""
    return f"{today:%Y-%m}" if period is Period.MONTH else today.isoformat()


def resets_on(period: Period, today: date) -> date:
    """Return the day on which a limit starts anew, at midnight UTC."""
    if period is Period.MONTH:
        return date(today.year + today.month // 12, today.month % 12 + 1, 1)
    return today + timedelta(days=1)


def seconds_until(day: date, now: datetime) -> int:
    """Return the seconds until a day begins, at least one."""
    begins = datetime(day.year, day.month, day.day, tzinfo=UTC)
    return max(1, int((begins - now).total_seconds()))


def in_force(*, tier: Money, own: Money | None) -> Money:
    """Return the limit that counts: the tier's, or the customer's own where that is lower."""
    return tier if own is None else min(tier, own)


def takes_effect_at(*, asked: Money, present: Money, now: datetime, wait: timedelta) -> datetime:
    """Return when a limit that a customer asks for counts: a lower one at once, a higher later."""
    return now + wait if asked > present else now


def to_release(*, waiting: Money, room: Money | None) -> Money:
    """Return how much of what waits fits into a wallet now; room None takes in all of it."""
    if room is None:
        return waiting
    return max(Money.zero(waiting.currency), min(waiting, room))
