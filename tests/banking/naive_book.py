"""The bank's rules once more, slowly: numbers in lists, no database, no code of the bank."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, datetime
from uuid import UUID

START = datetime(2026, 11, 25, 10, tzinfo=UTC)
CURRENCIES = ("EUR", "EUR", "JPY", "KWD")  # of the wallets, so that two of them can pay each other
# What an owner known by an e-mail address alone may do here, in euro; the law's own figures are too
# low to move much. Units of MOST: minor units of each wallet's currency, at the round figures.
HOLDS, DAY, MONTH, PAYEE = 400, 120, 250, 70
MOST = {"EUR": HOLDS * 100, "JPY": HOLDS * 160, "KWD": HOLDS * 300}

# Where money or a count stands: a wallet, what waits outside of it, or what was spent in a window.
Place = tuple[str, int] | tuple[str, str, str]
Moves = list[tuple[Place, int]]
LIMITS = {"day": DAY, "month": MONTH, "payee": PAYEE, "owner day": DAY, "owner month": MONTH}


@dataclass
class Hold:
    """Money kept back, as the naive book knows it."""

    wallet: int
    left: int
    until: datetime
    is_open: bool = True


@dataclass
class Naive:
    """The rules once more, slowly: numbers in lists, no database, no code of the bank.

    Units: minor units. Shape: wallets, what waits outside of each, and their freezes by place;
    spent by limit and window.
    """

    posted: list[int] = field(default_factory=lambda: [0] * len(CURRENCIES))
    parked: list[int] = field(default_factory=lambda: [0] * len(CURRENCIES))
    spent: dict[Place, int] = field(default_factory=dict)
    frozen: list[str] = field(default_factory=lambda: ["none"] * len(CURRENCIES))
    holds: dict[UUID, Hold] = field(default_factory=dict)
    now: datetime = START

    def held(self, place: int) -> int:
        """Money of a wallet that is kept back at this instant."""
        return sum(
            hold.left
            for hold in self.holds.values()
            if hold.wallet == place and hold.is_open and hold.until > self.now
        )

    def may_take(self, place: int, minor: int) -> bool:
        """Whether a wallet can give an amount."""
        free = self.posted[place] - self.held(place)
        return free >= minor and self.frozen[place] not in {"debit", "all"}

    def may_give(self, place: int) -> bool:
        """Whether a wallet can receive."""
        return self.frozen[place] not in {"credit", "all"}

    def may(self, moves: Moves) -> bool:
        """Whether every place can do its part."""
        return all(self.may_move(place, minor) for place, minor in moves)

    def may_move(self, place: Place, minor: int) -> bool:
        """Whether one place can."""
        kind, number = place[0], place[1]
        if kind == "wallet":
            return self.may_take(number, -minor) if minor < 0 else self.may_give(number)
        if kind == "parked":
            return self.parked[number] + minor >= 0
        return self.spent.get(place, 0) + minor <= LIMITS[kind] * 100

    def move(self, moves: Moves) -> Moves:
        """Book; return where everything went: what a wallet may not hold waits outside, whole."""
        done: Moves = []
        for wanted, minor in moves:
            waits = wanted[0] == "wallet" and minor > 0 and not self.fits(wanted[1], minor)
            place: Place = ("parked", wanted[1]) if waits else wanted
            if place[0] == "wallet":
                self.posted[place[1]] += minor
            elif place[0] == "parked":
                self.parked[place[1]] += minor
            else:
                self.spent[place] = self.spent.get(place, 0) + minor
            done.append((place, minor))
        return done

    def fits(self, place: int, minor: int) -> bool:
        """Whether a wallet may hold so much more."""
        return self.posted[place] + minor <= MOST[CURRENCIES[place]]
