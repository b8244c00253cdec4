"""Marks sentences for translation without translating them.

Rules, errors and events speak English msgids; only the web shell turns them into a language.
This module stands apart from the shell so that pure code may import it, and with it what reads
typed text whatever its script.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

# What a spreadsheet would take for a formula.
_BIDI = re.compile(r"[\u200e\u200f\u061c\u2066-\u2069]")


def N_(message: str) -> str:  # noqa: N802 - the name every extractor knows
    """Mark a sentence for extraction and return it unchanged."""
    return message


class Counted(str):
    """A sentence whose form goes by a number: the form for one, with the form for many beside it.

    Shape: by names the placeholder that holds the number.
    """

    __slots__ = ("by", "many")
    many: str
    by: str


def NP_(one: str, many: str, by: str) -> Counted:  # noqa: N802 - a mark, named as extractors know it
    """Mark a sentence with its plural for extraction."""
    counted = Counted(one)
    counted.many, counted.by = many, by
    return counted


class Quoted(str):
    """Somebody's own words inside a sentence: they keep their own direction and script."""

    __slots__ = ()


class Country(str):
    """A country's code inside a sentence, which says its name as it stands there."""

    __slots__ = ()


class CountryAlone(Country):
    """A country's code before a colon: its name as a list has it, without an article."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Message:
    """A marked sentence with the values for its named placeholders.

    Shape: data maps placeholder to a plain value, Quoted, Country, Money, date or another
    Message.
    """

    msgid: str
    data: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the English sentence, for logs and for the command line."""
        sentence = self.msgid
        if isinstance(sentence, Counted) and self.data.get(sentence.by) != 1:
            sentence = sentence.many
        return sentence % self.data if self.data else sentence


def ascii_digits(text: str) -> str:
    """Return the text with digits of every script as 0-9, without direction marks."""
    folded = "".join(
        str(unicodedata.digit(sign)) if sign.isdigit() and not sign.isascii() else sign
        for sign in _BIDI.sub("", text)
    )
    return unicodedata.normalize("NFKC", folded).strip()


def together(messages: Sequence[Message]) -> Message:
    """Return several sentences as one, in order. Shape: at least one."""
    parts = list(messages)
    # By pairs of pairs: hundreds lie nine deep in each other, and whoever says them goes as deep.
    while len(parts) > 1:
        pairs = [parts[i : i + 2] for i in range(0, len(parts), 2)]
        parts = [
            Message(_FURTHER, dict(zip(("first", "rest"), pair, strict=True)))
            if len(pair) > 1
            else pair[0]
            for pair in pairs
        ]
    return parts[0]


_FURTHER = N_("%(first)s %(rest)s")
