"""Dues reckoned ahead: how they are written beside a card, and when they may be read again."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import date

from kernel.money import Money

# What is written beside a card; rows of another shape are reckoned anew.
_SHAPE = 2


def written(due: Money, *, price: Money, freight: Money, channel: str) -> str:
    """Return dues with the question that they answer. Shape: one line of words and figures."""
    return f"{_asked(price, freight, channel)}{due.minor}"


def read(line: str, *, price: Money, freight: Money, channel: str) -> int | None:
    """Return the dues when the line answers this very question, else None. Units: minor units."""
    asked = _asked(price, freight, channel)
    return int(line[len(asked) :]) if line.startswith(asked) else None


def at_door(line: str) -> int:
    """Return the price at the door that a line comes to. Units: minor units of its currency."""
    _, price, freight, *_, due = line.split(" ")
    return int(price) + int(freight) + int(due)


def name_of(
    on: date, references: Mapping[str, object], pegs: Mapping[str, object], rows: str
) -> str:
    """Return a short name that another day, rate or row would change."""
    facts = (_SHAPE, on, sorted(references.items(), key=str), sorted(pegs.items(), key=str), rows)
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def _asked(price: Money, freight: Money, channel: str) -> str:
    return f"{price.currency} {price.minor} {freight.minor} {channel} "
