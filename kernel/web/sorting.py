"""The order of a list as its address carries it: `sort=price` upwards, `sort=-price` downwards."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Column:
    """What a list can be ordered by.

    Shape: up and down say both ways, marked sentences; falls when a first press puts the greatest
    first.
    """

    up: str
    down: str
    falls: bool = False


@dataclass(frozen=True, slots=True)
class Sorting:
    """How a list stands, and how it may stand.

    Shape: columns by their names in addresses, in the order in which they are offered; by is one
    of them; standard is how the list stands by itself, as an address would say it.
    """

    columns: Mapping[str, Column]
    by: str
    falls: bool
    standard: str

    @property
    def written(self) -> str:
        """The order as an address says it."""
        return _written(self.by, falls=self.falls)

    @property
    def arguments(self) -> dict[str, str]:
        """What an address needs to keep the order: nothing where the list stands so by itself."""
        return {} if self.written == self.standard else {"sort": self.written}

    @property
    def words(self) -> str:
        """The order, as a marked sentence."""
        column = self.columns[self.by]
        return column.down if self.falls else column.up

    @property
    def choices(self) -> Sequence[tuple[str, str]]:
        """Every order with its marked sentence; of each column the usual way first."""
        return [
            (_written(name, falls=falls), column.down if falls else column.up)
            for name, column in self.columns.items()
            for falls in (column.falls, not column.falls)
        ]

    def pressed(self, name: str) -> str:
        """Return what a press of a column's head asks for: its usual way, or the other one now."""
        falls = not self.falls if name == self.by else self.columns[name].falls
        return _written(name, falls=falls)

    def stands(self, name: str) -> str:
        """Return how a column stands, as `aria-sort` says it; empty for all but one."""
        if name != self.by or name not in self.columns:
            return ""
        return "descending" if self.falls else "ascending"


def sorting_of(typed: str, columns: Mapping[str, Column], *, standard: str) -> Sorting:
    """Return the order that an address asks for; what it does not know leaves the usual one."""
    chosen = typed if typed.removeprefix("-") in columns else standard
    return Sorting(columns, chosen.removeprefix("-"), chosen.startswith("-"), standard)


def _written(name: str, *, falls: bool) -> str:
    return f"-{name}" if falls else name
