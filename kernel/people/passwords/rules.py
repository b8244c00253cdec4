"""How long a link lives, how many are sent, and what follows a new password."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta

# Links asked for from one place in a quarter of an hour, whoever they are for.
LINKS_PER_ADDRESS = 10
HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms in force from a day on. Source: the dated data beside this file."""

    valid_from: date
    link_minutes: int
    letters_an_hour: int
    reduced_days: int
    source: str

    @property
    def link(self) -> timedelta:
        """How long a link counts."""
        return timedelta(minutes=self.link_minutes)

    @property
    def reduced(self) -> timedelta:
        """How long little may be spent, and no second factor is reset, after a new password."""
        return timedelta(days=self.reduced_days)


def digest(token: str) -> str:
    """Return what is stored of the token in a letter."""
    return hashlib.sha256(b"entrepot/password/v1" + token.encode()).hexdigest()
