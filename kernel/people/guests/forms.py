"""What guests type on their own pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.web.forms import Reader


@dataclass(frozen=True, slots=True)
class Sought:
    """An order that somebody looks for."""

    email: str
    ref: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Sought:
        """Read the form; an order's number may be typed as people copy it. Raises: Invalid."""
        reader = Reader(form)
        read = cls(reader.email("email"), reader.text("ref", most=40).upper())
        reader.done()
        return read
