"""What is typed into a message."""

from __future__ import annotations

from collections.abc import Mapping

from kernel.web import Reader, preferences
from marketplace.trust.messages.queries import LONGEST
from marketplace.trust.messages.service import Written


def parse_message(form: Mapping[str, str]) -> Written:
    """Read a message. Raises: Invalid."""
    reader = Reader(form)
    key = reader.uuid("key")
    words = reader.text("words", most=LONGEST, is_long=True)
    reader.done()
    return Written(key, words, preferences().locale)
