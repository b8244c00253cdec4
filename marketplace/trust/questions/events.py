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
class QuestionRemoved(Event):
    """An operator took a question away with its answer."""

    name: ClassVar[str] = "marketplace.question.removed.v1"
    question_ref: str
