"""What somebody may look for among their movements, and how a file says it; plain values."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from kernel.text import N_

_REFERENCE = re.compile(r"(?:[A-Z]{1,4}|\d{2})-[0-9A-Z-]{4,40}")


class Direction(StrEnum):
    """Whether money came or went."""

    IN = "in"
    OUT = "out"


# What movements are about, by their drawing: (word, sentence).
THEMES: Mapping[str, tuple[str, str]] = {
    "card": ("cards", N_("Cards")),
    "swap": ("exchange", N_("Exchange")),
    "box": ("orders", N_("Orders")),
    "shield": ("cover", N_("Cover")),
    "send": ("transfers", N_("Transfers")),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Search:
    """What is looked for; nothing filled in is everything.

    Shape: since and until are whole days, both included, UTC.
    """

    words: str = ""
    theme: str = ""
    currency: str = ""
    way: Direction | None = None
    since: date | None = None
    until: date | None = None

    @property
    def reference(self) -> str:
        """The reference that was typed, empty when the words are none."""
        typed = self.words.upper()
        return typed if _REFERENCE.fullmatch(typed) else ""

    @property
    def end(self) -> date | None:
        """The day after the last, on which nothing counts any more."""
        return self.until + timedelta(days=1) if self.until else None

    @property
    def is_narrow(self) -> bool:
        """Whether entries must be read to know whether they are meant."""
        return bool(self.words or self.theme or self.way)

    @property
    def arguments(self) -> dict[str, str]:
        """The search as an address carries it, without what is not filled in."""
        written = {
            "find": self.words,
            "theme": self.theme,
            "currency": self.currency.lower(),
            "way": self.way.value if self.way else "",
            "from": self.since.isoformat() if self.since else "",
            "to": self.until.isoformat() if self.until else "",
        }
        return {name: value for name, value in written.items() if value}


@dataclass(frozen=True, slots=True, kw_only=True)
class Kinds:
    """Kinds of journal whose sentences fit what was typed, by the way the money took."""

    incoming: list[str] = field(default_factory=list)
    outgoing: list[str] = field(default_factory=list)


def fitting_kinds(words: str, said: Mapping[str, tuple[str, str]]) -> Kinds:
    """Return the kinds of journal of which a typed word is said.

    Shape: said maps a kind to its sentences for money that comes and that goes, translated.
    """
    wanted = words.casefold()
    return Kinds(
        incoming=[kind for kind, (coming, _) in said.items() if wanted in coming.casefold()],
        outgoing=[kind for kind, (_, going) in said.items() if wanted in going.casefold()],
    )


def like(words: str) -> str:
    """Return words as a pattern that stands for themselves anywhere in a text."""
    escaped = re.sub(r"([\\%_])", r"\\\1", words)
    return f"%{escaped}%"
