"""What an operator writes about a dispute."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.web import Reader


@dataclass(frozen=True, slots=True)
class Evidence:
    """What speaks for us, as the card's bank will read it."""

    words: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Evidence:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        read = cls(reader.text("words", most=20_000, is_long=True))
        reader.done()
        return read
