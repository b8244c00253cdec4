"""Reports and decisions in plain values: reasons, outcomes, and how long one may object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from kernel.text import N_

# In a quarter hour: from one place, and in the name of one e-mail address.
REPORTS_PER_PLACE = 10
REPORTS_PER_EMAIL = 5


class Reason(StrEnum):
    """What is wrong with a listing, as its reporter or the operator says."""

    COUNTERFEIT = "counterfeit"
    FORBIDDEN = "forbidden"
    DANGEROUS = "dangerous"
    MISLEADING = "misleading"
    OTHER = "other"


class Outcome(StrEnum):
    """What a decision does with a listing."""

    KEPT = "kept"
    REMOVED = "removed"


REASON_WORDS: Mapping[str, str] = {
    Reason.COUNTERFEIT: N_("It is a counterfeit"),
    Reason.FORBIDDEN: N_("It may not be sold"),
    Reason.DANGEROUS: N_("It is dangerous"),
    Reason.MISLEADING: N_("It is described misleadingly"),
    Reason.OTHER: N_("Something else"),
}


def may_object(*, outcome: str, until: datetime, now: datetime) -> bool:
    """Whether a decision on a listing or a review takes an objection that nobody made yet.

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
