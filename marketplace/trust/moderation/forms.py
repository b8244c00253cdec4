"""What reporters, operators and those concerned say."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from kernel.web import Reader
from marketplace.trust.moderation.queries import Reporter
from marketplace.trust.moderation.rules import Outcome

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Report:
    """A report."""

    reason: str
    words: str
    name: str
    email: str

    @classmethod
    def parse(cls, form: Mapping[str, str], known: Reporter, reasons: Collection[str]) -> Report:
        """Read the form; who is signed in need not say who they are. Raises: Invalid."""
        reader = Reader(form)
        reason = reader.choice("reason", reasons)
        words = reader.text("words", most=LONGEST, is_long=True)
        name = known.name or reader.text("name", most=120)
        email = known.email or reader.email("email")
        reader.done()
        return cls(reason, words, name, email)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision on reports."""

    outcome: Outcome
    ground: str
    words: str

    @classmethod
    def parse(cls, form: Mapping[str, str], reasons: Collection[str]) -> Verdict:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        outcome = reader.choice("outcome", [outcome.value for outcome in Outcome])
        ground = reader.choice("ground", reasons)
        words = reader.text("words", most=LONGEST, is_long=True)
        reader.done()
        return cls(Outcome(outcome), ground, words)


@dataclass(frozen=True, slots=True)
class SecondLook:
    """What another person says to an objection. Shape: decision_ref is the one that it is about."""

    decision_ref: str
    stands: bool
    words: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> SecondLook:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        answer = reader.choice("answer", ("stands", "reversed"))
        words = reader.text("words", most=LONGEST, is_long=True)
        reader.done()
        return cls(form.get("decision", ""), answer == "stands", words)


def read_objection(form: Mapping[str, str], field: str = "words") -> str:
    """Read why a decision is wrong. Raises: Invalid."""
    reader = Reader(form)
    words = reader.text(field, most=LONGEST, is_long=True)
    reader.done()
    return words
