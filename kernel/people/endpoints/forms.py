"""Addresses as they are typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.web.forms import Reader


@dataclass(frozen=True, slots=True)
class NewAddress:
    """Where a program wants to hear."""

    url: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> NewAddress:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        url = reader.text("url", most=500)
        reader.done()
        return cls(url)
