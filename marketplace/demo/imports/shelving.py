"""Reads category lines and hangs each below the nearest level above it that came along."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from kernel.records import record
from marketplace.demo.imports.fields import (
    LONGEST_KEY,
    BadLine,
    keys,
    locale_of,
    mapping,
    text_of,
    text_or_nothing,
    texts,
)

# Where a category of the food file without a known parent hangs.
_FOOD_ROOT = "fb"


@record
class CategoryRow:
    """A category as a file tells it. Shape: parents None where the file is a plain tree."""

    key: str
    parent: str | None
    parents: list[str] | None
    names: Mapping[str, str]
    synonyms: Mapping[str, list[str]]


def category_row(row: Mapping[str, Any]) -> CategoryRow:
    """Return the category a line is about. Raises: BadLine."""
    key = text_of(row, "id")
    names = texts(row, "names", longest=LONGEST_KEY, breaks=False)
    if not any(name.strip() for name in names.values()):
        raise BadLine("a category has an id and names")
    of_many = row.get("parents") is not None or key.startswith("off:")
    synonyms = mapping(row, "synonyms", "languages to lists of texts")
    return CategoryRow(
        key=key,
        parent=text_or_nothing(row, "parent") or None,
        parents=keys(row.get("parents"), "parents") if of_many else None,
        names=names,
        synonyms={
            locale_of(locale, "a key of synonyms"): keys(words, f"synonyms in {locale}")
            for locale, words in synonyms.items()
        },
    )


def hung(rows: Mapping[str, CategoryRow]) -> tuple[dict[str, str | None], list[str]]:
    """Return the parent of each category, and the keys left out because they closed a loop.

    A loop has no root, so nobody would ever find what stands in it; its last line is left out.
    """
    left, looped = dict(rows), list[str]()
    while True:
        parents = {key: _parent(row, left) for key, row in left.items()}
        closing = _closing(parents)
        if not closing:
            return parents, looped
        looped += closing
        for key in closing:
            del left[key]


def _parent(row: CategoryRow, known: Mapping[str, CategoryRow]) -> str | None:
    """Return the nearest parent that is there; held-back levels are skipped."""
    if row.parents is not None:
        parents = [key for key in row.parents if key in known]
        root = _FOOD_ROOT if _FOOD_ROOT in known and row.key != _FOOD_ROOT else None
        return parents[0] if parents else root
    parent = row.parent
    while parent and parent not in known:
        parent = parent.rpartition("-")[0]
    return parent or None


def _closing(parents: Mapping[str, str | None]) -> list[str]:
    """Return the last category of each loop."""
    place = {key: number for number, key in enumerate(parents)}
    cleared, ends = set[str](), list[str]()
    for start in parents:
        way: dict[str, None] = {}
        key: str | None = start
        while key is not None and key not in cleared and key not in way:
            way[key] = None
            key = parents[key]
        if key in way:
            walked = list(way)
            ends.append(max(walked[walked.index(key) :], key=place.__getitem__))
        cleared |= way.keys()
    return ends
