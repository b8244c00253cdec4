"""What an operator says about a difference."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.web import Reader


@dataclass(frozen=True, slots=True)
class Note:
    """Why a difference may end."""

    words: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Note:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        read = cls(reader.text("note", most=500))
        reader.done()
        return read
