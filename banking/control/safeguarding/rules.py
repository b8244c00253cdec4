"""Safeguarding in plain values: what must be kept safe, what is, and what is short."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from banking.control.safeguarding.errors import TopUpClosed
from kernel.money import Money


class Side(StrEnum):
    """Whether an account is owed to customers, stands behind what is owed, or does neither."""

    OWED = "owed"
    RESOURCE = "resource"
    OUTSIDE = "outside"


class TopUpState(StrEnum):
    """Where a top-up stands: proposed by the house, signed by one person, booked by a second.

    COVERED: a later day needs another amount, or none.
    """

    PROPOSED = "proposed"
    SIGNED = "signed"
    BOOKED = "booked"
    COVERED = "covered"


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """What one kind of account contributes. Units: positive is owed, or stands behind it."""

    kind: str
    side: Side
    amount: Money


@dataclass(frozen=True, slots=True, kw_only=True)
class Position:
    """Requirement and resource of one currency.

    Shape: parts of both, as they were added up; outside is the rest of the books, which is what the
    two differ by, since all of a currency sums to zero.
    """

    requirement: Money
    resource: Money
    parts: tuple[Part, ...]
    outside: tuple[Part, ...] = ()

    @property
    def currency(self) -> str:
        """Its currency."""
        return self.requirement.currency

    @property
    def shortfall(self) -> Money:
        """What is missing, zero when nothing is."""
        return max(self.requirement - self.resource, Money.zero(self.currency))

    @property
    def surplus(self) -> Money:
        """What is there beyond what must be."""
        return max(self.resource - self.requirement, Money.zero(self.currency))

    @property
    def difference(self) -> Money:
        """What is there beyond what must be, negative when something is missing."""
        return self.resource - self.requirement


def positions(parts: Iterable[Part]) -> list[Position]:
    """Return the position of each currency, by its code. No currency covers another."""
    by_currency: dict[str, list[Part]] = defaultdict(list)
    for part in parts:
        if part.amount:
            by_currency[part.amount.currency].append(part)
    return [
        _position(currency, of_currency) for currency, of_currency in sorted(by_currency.items())
    ]


def _position(currency: str, parts: list[Part]) -> Position:
    sums = {side: Money.zero(currency) for side in Side}
    for part in parts:
        sums[part.side] += part.amount
    parts = sorted(parts, key=lambda part: (part.side, part.kind))
    return Position(
        requirement=sums[Side.OWED],
        resource=sums[Side.RESOURCE],
        parts=tuple(part for part in parts if part.side is not Side.OUTSIDE),
        outside=tuple(part for part in parts if part.side is Side.OUTSIDE),
    )


def days_to_compute(last: date | None, *, today: date, most: int) -> list[date]:
    """Return the days that are over and not computed yet, oldest first, the newest `most` of them.

    The first time it is yesterday alone.
    """
    yesterday = today - timedelta(days=1)
    first = yesterday if last is None else last + timedelta(days=1)
    first = max(first, today - timedelta(days=most))
    return [first + timedelta(days=n) for n in range((yesterday - first).days + 1)]


def check_state(state: TopUpState, wanted: TopUpState) -> None:
    """Refuse to act on a top-up that stands elsewhere. Raises: TopUpClosed."""
    if state is not wanted:
        raise TopUpClosed
