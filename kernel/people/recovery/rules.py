"""How long a reset is announced and how long little may be spent after it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms in force from a day on. Source: the dated data beside this file."""

    valid_from: date
    delay_hours: int
    reduced_days: int
    source: str

    @property
    def delay(self) -> timedelta:
        """How long a reset is announced."""
        return timedelta(hours=self.delay_hours)

    @property
    def reduced(self) -> timedelta:
        """How long little may be spent after a reset."""
        return timedelta(days=self.reduced_days)


def digest(token: str) -> str:
    """Return what is stored of the token in a letter."""
    return hashlib.sha256(b"entrepot/reset/v1" + token.encode()).hexdigest()
