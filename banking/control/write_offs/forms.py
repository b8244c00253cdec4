"""What an operator says about a loss."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from banking.control.write_offs.queries import Kind
from kernel.web import Reader


@dataclass(frozen=True, slots=True)
class Reason:
    """Why the house is to bear what a vendor owes."""

    note: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Reason:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        read = cls(reader.text("note", most=500))
        reader.done()
        return read


@dataclass(frozen=True, slots=True)
class Proposal:
    """What the house is to bear, and why."""

    kind: Kind
    note: str

    @classmethod
    def parse(cls, form: Mapping[str, str]) -> Proposal:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        kind = reader.choice("kind", [kind.value for kind in Kind])
        note = reader.text("note", most=500)
        reader.done()
        return cls(Kind(kind), note)
