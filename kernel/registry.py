"""Folders of data with one JSON file for each thing of a kind, such as a currency or a country.

The file is named after the code of its thing and has a part for each room that has a say on it.
The parts belong to the rooms that read them by name; nothing here knows what they hold.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from decimal import Decimal
from functools import cached_property
from pathlib import Path
from typing import Any, TypeVar

Value = TypeVar("Value")


class BadPart(ValueError):
    """A part of a file is not what the room that reads it needs; the message names both."""


class Registry:
    """The files of one folder, read once. Shape: numbers with a point are decimals."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    @cached_property
    def files(self) -> Mapping[str, Mapping[str, Any]]:
        """Every file by its name, in the order of names."""
        return {
            path.stem: json.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
            for path in sorted(self.folder.glob("*.json"))
        }

    def part(self, name: str) -> dict[str, Any]:
        """Return one part by code, of those that have it."""
        return {code: parts[name] for code, parts in self.files.items() if name in parts}

    def each(self, name: str, read: Callable[[str, Any], Value]) -> dict[str, Value]:
        """Return what a room makes of its part, by code.

        Raises: BadPart where `read` meets a key that is missing, or a value that is none.
        """
        values: dict[str, Value] = {}
        for code, part in self.part(name).items():
            try:
                values[code] = read(code, part)
            except KeyError as missing:
                raise self._bad(code, name, f"{missing} is missing") from missing
            except (TypeError, ValueError, ArithmeticError) as wrong:
                raise self._bad(code, name, str(wrong)) from wrong
        return values

    def _bad(self, code: str, name: str, why: str) -> BadPart:
        return BadPart(f"{self.folder.name}/{code}.json, part {name}: {why}")


def only(told: object, known: Collection[str]) -> None:
    """Refuse what is no object, and keys that nobody reads, a slip of the pen most of all.

    Raises: TypeError, ValueError.
    """
    if not isinstance(told, Mapping):
        raise TypeError("no object, which has keys")
    strange = sorted(told.keys() - set(known))
    if strange:
        raise ValueError(f"nobody reads {', '.join(strange)}")
