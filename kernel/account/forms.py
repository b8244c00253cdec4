"""What is typed on the pages of one's own safety."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from kernel.text import N_
from kernel.web.forms import Reader


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password to come."""

    password: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> NewPassword:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        password = form.get("password", "")
        if not 8 <= len(password) <= 200:
            reader.complain("password", N_("Choose a password of at least 8 characters."))
        reader.done()
        return cls(password)


@dataclass(frozen=True, slots=True)
class NewEmail:
    """An address to come."""

    email: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> NewEmail:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        read = cls(reader.email("email"))
        reader.done()
        return read
