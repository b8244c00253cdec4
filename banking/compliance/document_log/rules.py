"""Why documents are opened and how long they are kept, in plain values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from kernel.text import N_


class Why(StrEnum):
    """Why an officer opens a document."""

    DECIDE = "decide"
    CUSTOMER = "customer"
    COMPLAINT = "complaint"
    AUTHORITY = "authority"


WHY_WORDS: Mapping[str, str] = {
    Why.DECIDE: N_("To decide on the application"),
    Why.CUSTOMER: N_("The customer asked about it"),
    Why.COMPLAINT: N_("There is a complaint"),
    Why.AUTHORITY: N_("An authority asked for it"),
}


class Starts(StrEnum):
    """From when on the time of a document runs."""

    RELATIONSHIP_END = "relationship_end"
    DECISION = "decision"


@dataclass(frozen=True, slots=True, kw_only=True)
class Retention:
    """How long the documents of an application with this outcome are kept, and by what law."""

    valid_from: date
    outcome: str
    starts: Starts
    months: int
    source: str


def in_force(rows: Iterable[Retention], on: date) -> dict[str, Retention]:
    """Return the newest row of each outcome that holds on a day."""
    known = sorted((row for row in rows if row.valid_from <= on), key=lambda row: row.valid_from)
    return {row.outcome: row for row in known}
