"""Keys as they are asked for."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from kernel.people.program_keys.rules import DAYS
from kernel.text import N_
from kernel.web.forms import Reader


@dataclass(frozen=True, slots=True)
class Wanted:
    """A key to be made. Units: days it lives."""

    label: str
    scopes: tuple[str, ...]
    days: int

    @classmethod
    def parse(cls, form: MultiDict[str, str], *, scopes: Collection[str]) -> Wanted:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        label = reader.text("label", most=60)
        chosen = tuple(sorted(set(form.getlist("scopes")) & set(scopes)))
        if not chosen:
            reader.complain("scopes", N_("Choose at least one."))
        days = reader.choice("days", [str(days) for days in DAYS])
        reader.done()
        return cls(label, chosen, int(days))
