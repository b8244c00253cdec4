"""Questions about goods in plain values: how long they are, and how many one asks."""

from __future__ import annotations

SHORTEST = 10  # signs of a question
LONGEST = 500
LONGEST_ANSWER = 2000
# In a quarter hour, of one person.
QUESTIONS = 5


def pattern(typed: str) -> str:
    """Return what a search looks for inside texts; signs that mean something there are plain."""
    literal = typed.replace("\\", r"\\").replace("%", r"\%").replace("_", r"\_")
    return f"%{literal}%"
