"""What can go wrong on a shelf."""

from __future__ import annotations

from kernel.errors import NotFound
from kernel.text import N_


class BadCursor(NotFound):
    """The address of the page was mangled."""

    code = "bad_cursor"
    message = N_("This page doesn't exist. Please start again from the first one.")
