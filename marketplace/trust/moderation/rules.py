"""Reports and decisions in plain values: outcomes, and how long one may object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

# In a quarter hour: from one place, and in the name of one e-mail address.
REPORTS_PER_PLACE = 10
REPORTS_PER_EMAIL = 5


class Outcome(StrEnum):
    """What a decision does with what was reported."""

    KEPT = "kept"
    REMOVED = "removed"


def may_object(*, outcome: str, until: datetime, now: datetime) -> bool:
    """Whether a decision takes an objection that nobody made yet.

    Source: Regulation (EU) 2022/2065, article 20.
    """
    return outcome == Outcome.REMOVED and now <= until


def objection_until(decided_at: datetime) -> datetime:
    """Return the instant until which a decision may be objected to."""
    return decided_at + timedelta(days=_days(decided_at.date()))


def _days(on: date) -> int:
    day = on.isoformat()
    return next(
        int(row["value"])
        for row in _terms()
        if row["kind"] == "objection_days"
        and row["valid_from"] <= day
        and (row["valid_to"] is None or day <= row["valid_to"])
    )


@cache
def _terms() -> tuple[Mapping[str, Any], ...]:
    path = Path(__file__).parent / "data" / "terms.json"
    return tuple(json.loads(path.read_text(encoding="utf-8")))
