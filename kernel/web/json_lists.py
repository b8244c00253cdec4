"""Lists as programs read them: a page at a time, each with the cursor of the next."""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeVar

from flask import request

from kernel.errors import Invalid
from kernel.ids import PageKey
from kernel.text import N_, Message
from kernel.web.json_bodies import CursorUnknown

T = TypeVar("T")

_USUAL: Final = 25
MOST: Final = 200
# The shell reads the language of an answer's words.
_KNOWN: Final = frozenset({"limit", "cursor", "locale"})


@dataclass(frozen=True, slots=True)
class Asked:
    """Which page of a list is asked for. Shape: after is the last row of the page before."""

    limit: int
    after: PageKey | None


def asked_page(*, also: Collection[str] = ()) -> Asked:
    """Return which page the address asks for; also are further arguments that a list knows.

    Raises: Invalid for a limit that is none, or an argument that nobody knows; CursorUnknown.
    """
    known = _KNOWN.union(also)
    unknown = {
        name: Message(N_("We don't know this field.")) for name in request.args if name not in known
    }
    typed = request.args.get("limit", str(_USUAL))
    is_number = typed.isascii() and typed.isdigit() and len(typed) <= len(str(MOST))
    limit = int(typed) if is_number else 0
    if not 1 <= limit <= MOST:
        said = Message(N_("Enter a number from %(low)s to %(high)s."), {"low": 1, "high": MOST})
        unknown["limit"] = said
    if unknown:
        raise Invalid(unknown)
    return Asked(limit, _read(request.args.get("cursor", "")))


def listed(
    rows: Sequence[T],
    *,
    limit: int,
    key: Callable[[T], PageKey],
    shown: Callable[[T], Mapping[str, Any]],
) -> dict[str, Any]:
    """Return a page of rows, of which one more than its limit was read to know of the next."""
    page = rows[:limit]
    has_more = len(rows) > limit
    return {
        "object": "list",
        "data": [shown(row) for row in page],
        "has_more": has_more,
        "next_cursor": _written(key(page[-1])) if has_more else None,
    }


def _written(key: PageKey) -> str:
    return base64.urlsafe_b64encode(str(key).encode()).decode().rstrip("=")


def _read(typed: str) -> PageKey | None:
    if not typed:
        return None
    try:
        said = base64.urlsafe_b64decode(typed + "=" * (-len(typed) % 4)).decode("ascii")
    except ValueError:
        said = ""
    key = PageKey.read(said)
    if key is None:
        raise CursorUnknown
    return key
