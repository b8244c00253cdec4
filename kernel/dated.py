"""Rows of data that are in force from a day on: of those that have begun the newest counts."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from datetime import date
from pathlib import Path
from typing import Protocol, TypeVar


class Dated(Protocol):
    """A row with its first day."""

    @property
    def valid_from(self) -> date:
        """The first day on which it is in force."""


R = TypeVar("R", bound=Dated)


def read(path: Path, shape: Callable[..., R]) -> tuple[R, ...]:
    """Return the rows of a JSON file as what `shape` makes of their fields, each with its day."""
    rows = json.loads(path.read_text(encoding="utf-8"))
    return tuple(
        shape(**row | {"valid_from": date.fromisoformat(row["valid_from"])}) for row in rows
    )


def in_force(rows: Iterable[R], on: date) -> R:
    """Return the row in force on a day. Raises: ValueError before the first."""
    return max((row for row in rows if row.valid_from <= on), key=lambda row: row.valid_from)
