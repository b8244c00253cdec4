"""What reporters, operators and vendors say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.web import Reader
from marketplace.trust.moderation.queries import Outcome, Reason, ReportForm

LONGEST = 2000


@dataclass(frozen=True, slots=True)
class Report:
    """A report."""

    reason: Reason
    words: str
    name: str
    email: str

    @classmethod
    def parse(cls, form: Mapping[str, str], known: ReportForm) -> Report:
        """Read the form; who is signed in need not say who they are. Raises: Invalid."""
        reader = Reader(form)
        reason = reader.choice("reason", [reason.value for reason in Reason])
        words = reader.text("words", most=LONGEST, is_long=True)
        name = known.name or reader.text("name", most=120)
        email = known.email or reader.email("email")
        reader.done()
        return cls(Reason(reason), words, name, email)


@dataclass(frozen=True, slots=True)
class Verdict:
    """A decision on reports."""

    outcome: Outcome
    ground: Reason
    words: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Verdict:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        outcome = reader.choice("outcome", [outcome.value for outcome in Outcome])
        ground = reader.choice("ground", [reason.value for reason in Reason])
        words = reader.text("words", most=LONGEST, is_long=True)
        reader.done()
        return cls(Outcome(outcome), Reason(ground), words)


@dataclass(frozen=True, slots=True)
class Objection:
    """Why a decision is wrong."""

    words: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Objection:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        words = reader.text("words", most=LONGEST, is_long=True)
        reader.done()
        return cls(words)


@dataclass(frozen=True, slots=True)
class Review:
    """What a second look says."""

    stands: bool
    words: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Review:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        answer = reader.choice("answer", ("stands", "reversed"))
        words = reader.text("words", most=LONGEST, is_long=True)
        reader.done()
        return cls(answer == "stands", words)
