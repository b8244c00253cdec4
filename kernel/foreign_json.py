"""JSON that strangers send: what the database can keep is read, anything else is refused.

Python's reader takes more than a JSON column does: NaN, NUL signs, halves of characters, numbers
without end. What passes here can be stored, logged and sent on as it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from math import isfinite
from typing import Any, NoReturn

DEEPEST = 64


class NotOurJson(ValueError):
    """No JSON object, or one that could not be kept."""


def read(body: bytes) -> object:
    """Return what a body holds.

    Shape: UTF-8; at most `DEEPEST` levels; texts without NUL; numbers that are finite.
    Raises: NotOurJson.
    """
    try:
        held: object = json.loads(body.decode("utf-8"), parse_constant=_no_number)
        is_sound = all(_is_sound(part) for part in _parts(held))
    except (ValueError, RecursionError) as wrong:
        raise NotOurJson(type(wrong).__name__) from wrong
    if not is_sound:
        raise NotOurJson("a text or a number that no column can hold")
    return held


def read_object(body: bytes) -> dict[str, Any]:
    """Return the object that a body holds. Raises: NotOurJson."""
    held = read(body)
    if not isinstance(held, dict):
        raise NotOurJson("not an object")
    return held


def text(value: object, *, longest: int) -> str:
    """Return a text that must be there, and be no longer. Raises: NotOurJson."""
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise NotOurJson("a text is missing, or too long")
    return value


def _no_number(name: str) -> NoReturn:
    raise NotOurJson(f"{name} is not a number")


def _parts(whole: object) -> Iterator[object]:
    """Yield everything that a value holds, names included."""
    level = [whole]
    for _ in range(DEEPEST):
        yield from level
        inner: list[object] = []
        for part in level:
            if isinstance(part, dict):
                inner += [*part, *part.values()]
            elif isinstance(part, list):
                inner += part
        level = inner
    if level:
        raise NotOurJson("nested too deeply")


def _is_sound(part: object) -> bool:
    if isinstance(part, float):
        return isfinite(part)
    if isinstance(part, str):
        return "\0" not in part and not any("\ud800" <= sign <= "\udfff" for sign in part)
    return True
