"""How long the links of a new address live."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms in force from a day on. Source: the dated data beside this file."""

    valid_from: date
    confirm_hours: int
    way_back_days: int
    source: str

    @property
    def confirm(self) -> timedelta:
        """How long the link to a new address counts."""
        return timedelta(hours=self.confirm_hours)

    @property
    def way_back(self) -> timedelta:
        """How long the old address may take the change back."""
        return timedelta(days=self.way_back_days)


def digest(token: str) -> str:
    """Return what is stored of the token in a letter."""
    return hashlib.sha256(b"entrepot/email/v1" + token.encode()).hexdigest()
