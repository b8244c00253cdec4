"""What the safeguarding pages send."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from kernel.errors import Invalid
from kernel.text import N_, Message
from kernel.web import Reader


@dataclass(frozen=True, slots=True)
class PackWish:
    """A wish for a pack; key makes a second press of the button harmless."""

    key: UUID

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> PackWish:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        read = cls(reader.uuid("key"))
        reader.done()
        return read


def day_before(arguments: Mapping[str, str]) -> date | None:
    """Return the day that `before` names in the list's address. Raises: Invalid."""
    typed = arguments.get("before", "")
    try:
        return date.fromisoformat(typed) if typed else None
    except ValueError as unreadable:
        words = Message(N_("This page is out of date. Please open it again."))
        raise Invalid({"before": words}) from unreadable
