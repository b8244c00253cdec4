"""What reporters, operators and those concerned say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TypedDict

from kernel.web import Reader
from marketplace.trust.moderation.queries import Reporter
from marketplace.trust.moderation.rules import Outcome

LONGEST = 2000


class Report(TypedDict):
    """A report, as the command takes it."""

    reason: str
    words: str
    name: str
    email: str


class Verdict(TypedDict):
    """A decision on reports, as the command takes it."""

    outcome: Outcome
    ground: str
    words: str


class SecondLook(TypedDict):
    """What another person says to an objection. Shape: decision_ref is the one that it is about."""

    decision_ref: str
    stands: bool
    words: str


def read_report(form: Mapping[str, str], known: Reporter, reasons: Collection[str]) -> Report:
    """Read a report; who is signed in need not say who they are. Raises: Invalid."""
    reader = Reader(form)
    said = Report(
        reason=reader.choice("reason", reasons),
        words=reader.text("words", most=LONGEST, is_long=True),
        name=known.name or reader.text("name", most=120),
        email=known.email or reader.email("email"),
    )
    reader.done()
    return said


def read_verdict(form: Mapping[str, str], reasons: Collection[str]) -> Verdict:
    """Read a decision. Raises: Invalid."""
    reader = Reader(form)
    outcome = reader.choice("outcome", [outcome.value for outcome in Outcome])
    ground = reader.choice("ground", reasons)
    words = reader.text("words", most=LONGEST, is_long=True)
    reader.done()
    return Verdict(outcome=Outcome(outcome), ground=ground, words=words)


def read_second_look(form: Mapping[str, str]) -> SecondLook:
    """Read what is said to an objection. Raises: Invalid."""
    reader = Reader(form)
    answer = reader.choice("answer", ("stands", "reversed"))
    words = reader.text("words", most=LONGEST, is_long=True)
    reader.done()
    return SecondLook(decision_ref=form.get("decision", ""), stands=answer == "stands", words=words)


def read_objection(form: Mapping[str, str], field: str = "words") -> str:
    """Read why a decision is wrong. Raises: Invalid."""
    reader = Reader(form)
    words = reader.text(field, most=LONGEST, is_long=True)
    reader.done()
    return words
