"""Reads `languages/`: one file for each language that pages speak.

Its words stand in `translations/`; the file says what else a page must know of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kernel.registry import Registry, only

HOUSE = Registry(Path(__file__).parents[1] / "languages")
_MARKS = frozenset(("comma", "colon", "aside", "full_width", "time"))


def tags(registry: Registry) -> tuple[str, ...]:
    """Return the tags of all languages in the order of the chooser."""
    places = registry.each("place", lambda _tag, place: int(place))
    return tuple(sorted(places, key=places.__getitem__))


def marks(registry: Registry) -> dict[str, dict[str, Any]]:
    """Return the marks of languages that write other ones than English: between parts, in times."""

    def read(_tag: str, told: Mapping[str, Any]) -> dict[str, Any]:
        only(told, _MARKS)
        return dict(told)

    return registry.each("marks", read)


def faces(registry: Registry) -> dict[str, tuple[str, str]]:
    """Return the faces of letters' own scripts, without and with serifs, by language."""
    return registry.each("faces", lambda _tag, faces: (faces["sans"], faces["serif"]))


def scripts(registry: Registry) -> dict[str, frozenset[str]]:
    """Return the scripts that readers know beside the Latin one, as Unicode names them."""
    return registry.each("scripts", lambda _tag, scripts: frozenset(scripts))
