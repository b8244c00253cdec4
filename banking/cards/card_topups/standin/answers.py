"""What the stand-in answers, as the network words it."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Answer:
    """What an API call was answered."""

    status: int
    body: str

    def json(self) -> dict[str, Any]:
        """Return the body as JSON."""
        content: dict[str, Any] = json.loads(self.body)
        return content


def good(value: object) -> Answer:
    """Return an object as the API shows it."""
    return Answer(200, json.dumps(value, ensure_ascii=False))


def listed(values: list[dict[str, Any]], address: str) -> Answer:
    """Return a list as the API shows it, all on one page."""
    return good({"object": "list", "data": values, "has_more": False, "url": address})


def problem(status: int, kind: str, words: str, *, code: str = "") -> Answer:
    """Return a refusal as the API words it."""
    error = {"type": kind, "message": words} | ({"code": code} if code else {})
    return Answer(status, json.dumps({"error": error}))
