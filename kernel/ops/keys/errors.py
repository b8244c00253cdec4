"""Why keys stay as they are; whoever reads it sits at a terminal."""

from __future__ import annotations


class KeysStay(Exception):
    """Nothing was changed, in one sentence that says why and what to do."""
