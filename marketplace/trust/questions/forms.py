"""What is typed into questions and answers."""

from __future__ import annotations

from collections.abc import Mapping

from kernel.text import N_
from kernel.web import Reader
from marketplace.trust.questions.rules import LONGEST, LONGEST_ANSWER, SHORTEST


def parse_question(form: Mapping[str, str]) -> str:
    """Read a question. Raises: Invalid."""
    reader = Reader(form)
    words = reader.text("words", most=LONGEST, is_long=True)
    if words and len(words) < SHORTEST:
        reader.complain("words", N_("Please use at least %(least)d characters."), least=SHORTEST)
    reader.done()
    return words


def parse_answer(form: Mapping[str, str]) -> str:
    """Read an answer. Raises: Invalid."""
    reader = Reader(form)
    words = reader.text("words", most=LONGEST_ANSWER, is_long=True)
    reader.done()
    return words
