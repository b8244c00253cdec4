"""Sets of clauses as people compare them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from insurance.trade.clauses import rules, words
from insurance.trade.clauses.rules import (
    Answer,
    ClauseSet,
    Peril,
    Sample,
    Wording,
    edition,
    wording,
)
from kernel.text import Message

__all__ = [
    "Answer",
    "ClauseSet",
    "Comparison",
    "Peril",
    "Row",
    "Wording",
    "comparison",
    "edition",
    "peril_name",
    "short_name",
    "wording",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What every set answers to one loss. Shape: words are marked, answers in the order of sets."""

    words: str
    answers: Sequence[Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """All sets beside each other. Shape: heads are marked, in the order of wordings."""

    heads: Sequence[str]
    wordings: Sequence[Wording]
    samples: Sequence[Row]
    perils: Sequence[Row]

    @property
    def columns(self) -> list[tuple[Message, str]]:
        """The heads as a table takes them: words to be spoken, and no class."""
        return [(Message(head), "") for head in self.heads]


def comparison(on: date) -> Comparison:
    """Return what every set in force on a day pays for."""
    sets = [wording(one, on=on) for one in ClauseSet]
    return Comparison(
        heads=[words.SHORT[one] for one in ClauseSet],
        wordings=sets,
        samples=[
            Row(
                words=words.SAMPLES[sample],
                answers=[rules.would_be_paid(sample, one, on=on) for one in ClauseSet],
            )
            for sample in Sample
        ],
        perils=[
            Row(words=words.PERILS[peril], answers=[one.answer(peril) for one in sets])
            for peril in Peril
        ],
    )


def peril_name(peril: Peril) -> Message:
    """Return what happened, in words."""
    return Message(words.PERILS[peril])


def short_name(clauses: ClauseSet) -> Message:
    """Return what a set is called for short."""
    return Message(words.SHORT[clauses])
