"""Lines of a bordereau, what their journals say, and what differs between the two."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

KINDS = ("premium", "tax", "claims")
# Columns of money, which are summed; all others say what a line is about.
SUMS: Mapping[str, tuple[str, ...]] = {
    "premium": ("gross", "net", "tax", "commission", "net_due"),
    "tax": ("net", "tax"),
    "claims": (
        "paid_this_month_indemnity",
        "paid_this_month_fees",
        "previously_paid_indemnity",
        "previously_paid_fees",
        "reserve_indemnity",
        "reserve_fees",
        "incurred_indemnity",
        "incurred_fees",
        "recoveries",
    ),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """A line of a month.

    Units: money in minor units. Shape: said are the amounts that its journals have to show, by
    account; booked are those they show.
    """

    kind: str
    subject: str
    cells: Mapping[str, Any]
    journals: tuple[int, ...]
    moves: tuple[int, ...]
    said: Mapping[str, int]
    booked: Mapping[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """A line that says something else than its journals, or a journal without a line (number 0)."""

    kind: str
    number: int
    subject: str
    account: str
    said: int
    booked: int


def differences(lines: Sequence[Line]) -> list[Difference]:
    """Return what differs between lines and their journals, account by account."""
    return [
        Difference(
            kind=line.kind,
            number=number,
            subject=line.subject,
            account=account,
            said=line.said.get(account, 0),
            booked=line.booked.get(account, 0),
        )
        for number, line in enumerate(lines, 1)
        for account in sorted({*line.said, *line.booked})
        if line.said.get(account, 0) != line.booked.get(account, 0)
    ]


def totals(lines: Sequence[Line]) -> dict[str, dict[str, int]]:
    """Return the sums of a month by kind and column."""
    return {
        kind: {
            column: sum(line.cells[column] for line in lines if line.kind == kind)
            for column in columns
        }
        for kind, columns in SUMS.items()
    }


def fingerprint(lines: Sequence[Line]) -> bytes:
    """Return the SHA-256 of a month's lines."""
    stated = [[line.kind, line.subject, dict(line.cells), list(line.journals)] for line in lines]
    return hashlib.sha256(json.dumps(stated, sort_keys=True).encode()).digest()


def month_of(day: date) -> date:
    """Return the first day of a day's month."""
    return day.replace(day=1)
