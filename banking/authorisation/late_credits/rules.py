"""The states of money that came after the closing; plain values in and out."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from banking.authorisation.late_credits.errors import LateCreditMoved


class State(StrEnum):
    """Where the money is.

    WAITING → NAMED → SENT → PAID; whatever the rail gives back waits again for another account.
    """

    WAITING = "waiting"
    NAMED = "named"
    SENT = "sent"
    PAID = "paid"


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """How long the link in a letter counts, and how many letters bring a new one."""

    valid_from: date
    link_days: int
    letters: int
    source: str

    @property
    def link_lasts(self) -> timedelta:
        """How long a link counts."""
        return timedelta(days=self.link_days)


_FOLLOWS = {
    State.WAITING: {State.NAMED},
    State.NAMED: {State.SENT},
    State.SENT: {State.PAID, State.WAITING},
    State.PAID: {State.WAITING},
}


def advance(now: State, then: State) -> State:
    """Return the next state. Raises: LateCreditMoved."""
    if then not in _FOLLOWS[now]:
        raise LateCreditMoved
    return then


def digest(token: str) -> bytes:
    """Return what is kept of a link's token."""
    return hashlib.sha256(token.encode()).digest()
