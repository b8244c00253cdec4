"""Marks sentences for translation without translating them.

Rules, errors and events speak English msgids; only the web shell turns them into a language.
This module stands apart from the shell so that pure code may import it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


def N_(message: str) -> str:  # noqa: N802 - the name every extractor knows
    """Mark a sentence for extraction and return it unchanged."""
    return message


@dataclass(frozen=True, slots=True)
class Message:
    """A marked sentence with the values for its named placeholders.

    Shape: data maps placeholder to a plain value, Money, date or another Message.
    """

    msgid: str
    data: Mapping[str, object] = field(default_factory=dict)

    def __str__(self) -> str:
        """Return the English sentence, for logs and for the command line."""
        return self.msgid % self.data if self.data else self.msgid
