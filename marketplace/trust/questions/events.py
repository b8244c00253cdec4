"""What others may hear of questions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from kernel.events import Event


@dataclass(frozen=True, kw_only=True)
class QuestionAsked(Event):
    """A shopper asked a shop about its goods."""

    name: ClassVar[str] = "marketplace.question.asked.v1"
    question_ref: str


@dataclass(frozen=True, kw_only=True)
class QuestionAnswered(Event):
    """A shop answered a question, for the first time."""

    name: ClassVar[str] = "marketplace.question.answered.v1"
    question_ref: str


@dataclass(frozen=True, kw_only=True)
class QuestionReported(Event):
    """Somebody reported a question or its answer."""

    name: ClassVar[str] = "marketplace.question.reported.v1"
    report_ref: str


@dataclass(frozen=True, kw_only=True)
class QuestionDecided(Event):
    """An operator decided on the reports of a question."""

    name: ClassVar[str] = "marketplace.question.decided.v1"
    decision_ref: str
    outcome: str


@dataclass(frozen=True, kw_only=True)
class QuestionObjectionDecided(Event):
    """Another operator looked again at a question taken away. Shape: stands when it stays so."""

    name: ClassVar[str] = "marketplace.question_objection.decided.v1"
    decision_ref: str
    stands: bool
