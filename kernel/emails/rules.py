"""How long the links of a new address live."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Terms:
    """The terms in force from a day on."""

    valid_from: date
    confirm: timedelta
    way_back: timedelta


def in_force(all_terms: Iterable[Terms], on: date) -> Terms:
    """Return the newest terms that hold on a day."""
    return max((t for t in all_terms if t.valid_from <= on), key=lambda t: t.valid_from)


def digest(token: str) -> str:
    """Return what is stored of the token in a letter."""
    return hashlib.sha256(b"entrepot/email/v1" + token.encode()).hexdigest()
