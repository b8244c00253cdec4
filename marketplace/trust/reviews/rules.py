"""Reviews in plain values: until when they change, what of a name is shown, how they are sorted."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kernel.text import N_

# What reviews are called by moderation, and their photographs by the room that keeps them.
KIND = "review"
ALBUM = "marketplace.review"
SHORTEST, LONGEST, TITLE_LONGEST, ANSWER_LONGEST = 20, 3_000, 120, 2_000
_CHANGE_DAYS = 30
_EXCERPT = 360
_NAME_LONGEST = 30
# Scripts whose names are written without a space, the family's first.
_CLOSED_UP = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL")


class ReviewState(StrEnum):
    """Whether a review stands on its page."""

    SHOWN = "shown"
    WITHDRAWN = "withdrawn"
    REMOVED = "removed"


class Sort(StrEnum):
    """How reviews are sorted; the value stands in the address."""

    NEWEST = "newest"
    CRITICAL = "critical"
    BEST = "best"


SORT_WORDS: Mapping[str, str] = {
    Sort.NEWEST: N_("Newest first"),
    Sort.CRITICAL: N_("Most critical first"),
    Sort.BEST: N_("Best first"),
}


class Reason(StrEnum):
    """What is wrong with a review, as its reporter or the operator says."""

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


@dataclass(frozen=True, slots=True)
class Cursor:
    """The last review of a page. Shape: in an address `4~1207`, stars and number."""

    stars: int
    id: int

    def __str__(self) -> str:
        """Return it as it stands in an address."""
        return f"{self.stars}~{self.id}"

    @classmethod
    def read(cls, typed: str) -> Cursor | None:
        """Return what an address says, None for what no page of ours wrote."""
        stars, _, number = typed.partition("~")
        if not (stars in {"1", "2", "3", "4", "5"} and number.isascii() and number.isdecimal()):
            return None
        return cls(int(stars), int(number)) if len(number) < 19 else None


def changeable_until(written_at: datetime) -> datetime:
    """Return the instant until which its author may change a review."""
    return written_at + timedelta(days=_CHANGE_DAYS)


def shown_name(name: str) -> str:
    """Return what of a person's name the public reads: the first name.

    Names written without a space would show whole, so their first sign stands for them.
    """
    first = name.split(maxsplit=1)[0] if name.strip() else ""
    if first and unicodedata.name(first[0], "").startswith(_CLOSED_UP):
        return f"{first[0]}＊＊"
    return first[:_NAME_LONGEST]


def excerpt(words: str) -> str:
    """Return the beginning of a long text, up to the end of a word; a short one whole."""
    if len(words) <= _EXCERPT:
        return words
    cut = words[:_EXCERPT]
    whole = cut.rsplit(maxsplit=1)[0] if " " in cut[_EXCERPT // 2 :] else cut
    return f"{whole.rstrip(' ,.;:、。，')}…"
