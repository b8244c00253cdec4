"""What counts as a change of a listing."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from typing import Any


class Kind(StrEnum):
    """Which part of a listing changed."""

    WORDS = "words"
    SHELF = "shelf"
    CUSTOMS = "customs"
    VERSIONS = "versions"
    PICTURES = "pictures"
    SAFETY = "safety"


Facts = Mapping[str, Any]


def difference(before: Facts, after: Facts) -> tuple[dict[str, Any], dict[str, Any]]:
    """Return what differs, as it was and as it is; what is missing on a side is left out there."""
    changed = [
        key for key in {**before, **after} if before.get(key, _NONE) != after.get(key, _NONE)
    ]
    return (
        {key: before[key] for key in changed if key in before},
        {key: after[key] for key in changed if key in after},
    )


_NONE = object()
