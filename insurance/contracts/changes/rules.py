"""What a change of a policy is, how long its price holds, and what ending it late gives back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum
from fractions import Fraction
from math import ceil
from pathlib import Path

from kernel import dated

_DAY = timedelta(hours=24)


class Kind(StrEnum):
    """What a change does."""

    ENDORSE = "endorse"
    ASSIGN = "assign"
    WITHDRAW = "withdraw"
    CANCEL = "cancel"


class Basis(StrEnum):
    """How much of a premium comes back: all, the days that are left, or less than those."""

    WHOLE = "whole"
    PRO_RATA = "pro_rata"
    SHORT_RATE = "short_rate"


class Progress(StrEnum):
    """How far a change is; offered is one that waits for the person who is to hold the policy."""

    SHOWN = "shown"
    APPROVING = "approving"
    OFFERED = "offered"
    DONE = "done"
    DECLINED = "declined"
    EXPIRED = "expired"


# A policy ends with these; it keeps its revision, because no other certificate follows.
ENDING = frozenset({Kind.WITHDRAW, Kind.CANCEL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What holds for changes from a day on.

    Units: minutes, days. Shape: kept_pct is what the insurer keeps of a premium, in per cent, for
    each started part of the planned time, all parts being equally long.
    """

    valid_from: date
    preview_minutes: int
    offer_days: int
    kept_pct: Sequence[str]
    source: str
    confidence: str


_TERMS = dated.read(Path(__file__).parent / "data" / "terms.json", Terms)


def terms_on(day: date) -> Terms:
    """Return the terms in force on a day. Raises: ValueError before the first."""
    return dated.in_force(_TERMS, day)


def progress(
    *,
    executed_at: datetime | None,
    declined_at: datetime | None,
    offered_at: datetime | None,
    is_asked: bool,
    valid_until: datetime,
    now: datetime,
) -> Progress:
    """Return how far a change is."""
    if executed_at is not None:
        return Progress.DONE
    if declined_at is not None:
        return Progress.DECLINED
    if now >= valid_until:
        return Progress.EXPIRED
    if offered_at is not None:
        return Progress.OFFERED
    return Progress.APPROVING if is_asked else Progress.SHOWN


def kept_share(*, days_on_risk: int, planned_days: int, terms: Terms) -> Fraction:
    """Return the share of a premium that the insurer keeps at the short rate.

    Units: started days of those that were planned.
    """
    parts = len(terms.kept_pct)
    started = ceil(Fraction(min(days_on_risk, planned_days) * parts, planned_days))
    return Fraction(terms.kept_pct[max(started, 1) - 1]) / 100


def valid_until(
    now: datetime, terms: Terms, *, attached_at: datetime | None, last: datetime | None
) -> datetime:
    """Return how long a price holds: some minutes, never into another day on risk.

    Shape: attached_at is given where the price counts days; last is when what was asked is over.
    """
    until = now + timedelta(minutes=terms.preview_minutes)
    if attached_at is not None:
        until = min(until, attached_at + ((now - attached_at) // _DAY + 1) * _DAY)
    return min(until, last) if last is not None else until
