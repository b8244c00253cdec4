"""The terms that claims are handled by, each from a day on: limits, days, who settles a dispute."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cache
from pathlib import Path

from kernel import dated

_DATA = Path(__file__).parent / "data" / "handling.json"
_OMBUDSMEN = _DATA.with_name("ombudsmen.json")
_AUTHORITY = _DATA.with_name("authority.json")
_THEFT = _DATA.with_name("theft.json")


@dataclass(frozen=True, slots=True, kw_only=True)
class Handling:
    """Limits and likelihoods from a day on.

    Units: euro; shares as fractions; hours; days of the claims office for answers and holds, days
    of the calendar for all else. Shape: hold_most_days is None where a hold has no end.
    """

    valid_from: date
    straight_through_eur: Fraction
    reserve_likelihood: Mapping[str, Fraction]
    reserve_handling: Fraction
    notice_days: Mapping[str, int]
    found_choice_days: int
    appeal_days: int
    straight_through_photos: int
    acknowledge_hours: int
    answer_days: int
    appeal_answer_days: int
    hold_days: int
    hold_most_days: int | None
    pay_days: int
    question_days: int
    reminder_days: tuple[int, ...]
    lapsed_days: int
    silence_word_days: int
    silence_claim_days: int
    source: str

    def answered_within(self, *, is_appealed: bool) -> int:
        """Return how many days officers have for an answer."""
        return self.appeal_answer_days if is_appealed else self.answer_days


@dataclass(frozen=True, slots=True, kw_only=True)
class Ombudsman:
    """Who settles a refusal outside the house, by the insurer's country, from a day on.

    Units: days until the opinion, once the file is complete.
    """

    country: str
    name: str
    site: str
    days: int
    valid_from: date
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Authority:
    """What every officer may approve of one claim, from a day on. Units: euro."""

    most_eur: Fraction
    valid_from: date
    source: str


@cache
def _authorities() -> tuple[Authority, ...]:
    return dated.read(
        _AUTHORITY, lambda most_eur, **row: Authority(most_eur=Fraction(most_eur), **row)
    )


def authority_on(day: date) -> Authority:
    """Return what an officer without a limit of their own may approve on a day.

    Raises: ValueError before the first row.
    """
    return dated.in_force(_authorities(), day)


@cache
def _handlings() -> tuple[Handling, ...]:
    return tuple(
        Handling(
            valid_from=date.fromisoformat(row["valid_from"]),
            straight_through_eur=Fraction(row["straight_through_eur"]),
            reserve_likelihood={k: Fraction(v) for k, v in row["reserve_likelihood"].items()},
            reserve_handling=Fraction(row["reserve_handling"]),
            notice_days=row["notice_days"],
            found_choice_days=row["found_choice_days"],
            appeal_days=row["appeal_days"],
            straight_through_photos=row["straight_through_photos"],
            acknowledge_hours=row["acknowledge_hours"],
            answer_days=row["answer_days"],
            appeal_answer_days=row["appeal_answer_days"],
            hold_days=row["hold_days"],
            hold_most_days=row["hold_most_days"],
            pay_days=row["pay_days"],
            question_days=row["question_days"],
            reminder_days=tuple(row["reminder_days"]),
            lapsed_days=row["lapsed_days"],
            silence_word_days=row["silence_word_days"],
            silence_claim_days=row["silence_claim_days"],
            source=row["source"],
        )
        for row in json.loads(_DATA.read_text(encoding="utf-8"))
    )


@cache
def _ombudsmen() -> tuple[Ombudsman, ...]:
    return dated.read(_OMBUDSMEN, Ombudsman)


def ombudsman_on(day: date, *, country: str) -> Ombudsman:
    """Return who settles what an insurer of a country refuses. Raises: ValueError for no one."""
    return dated.in_force([one for one in _ombudsmen() if one.country == country], day)


def handling_on(day: date) -> Handling:
    """Return what counts on a day. Raises: ValueError before the first row."""
    return dated.in_force(_handlings(), day)


@cache
def _excluded() -> Mapping[str, frozenset[str]]:
    rows = json.loads(_THEFT.read_text(encoding="utf-8"))
    return {row["conditions"]: frozenset(row["excluded"]) for row in rows}


def places_excluded(conditions: str) -> frozenset[str]:
    """Return from where a theft is not insured by a wording, as `Place` names it.

    Shape: conditions are the version of the product information; one without a row excludes none.
    """
    return _excluded().get(conditions, frozenset())
