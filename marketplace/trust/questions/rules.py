"""Questions about goods in plain values: how long they are, how many one asks, what is wrong."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kernel.text import N_

KIND = "question"  # by which moderation calls them
SHORTEST = 10  # signs of a question
LONGEST = 500
LONGEST_ANSWER = 2000
# In a quarter hour, of one person.
QUESTIONS = 5


class Reason(StrEnum):
    """What is wrong with a question or its answer, as its reporter or the operator says."""

    INSULTING = "insulting"
    PRIVATE = "private"
    ADVERTISING = "advertising"
    OFF_TOPIC = "off_topic"
    OTHER = "other"


REASON_WORDS: Mapping[str, str] = {
    Reason.INSULTING: N_("It insults someone"),
    Reason.PRIVATE: N_("It shares private information"),
    Reason.ADVERTISING: N_("It advertises something else"),
    Reason.OFF_TOPIC: N_("It isn't about this product"),
    Reason.OTHER: N_("Something else"),
}


def pattern(typed: str) -> str:
    """Return what a search looks for inside texts; signs that mean something there are plain."""
    literal = typed.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{literal}%"
