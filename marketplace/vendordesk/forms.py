"""Reads what a vendor chooses for the whole shop."""

from __future__ import annotations

from dataclasses import dataclass

from werkzeug.datastructures import MultiDict

from kernel.text import N_
from kernel.web import Reader
from kernel.web.preferences import COUNTRY_CURRENCY


@dataclass(frozen=True, slots=True)
class Destinations:
    """Where a shop sends to. Shape: None is every country."""

    countries: tuple[str, ...] | None

    @classmethod
    def parse(cls, form: MultiDict[str, str]) -> Destinations:
        """Read the form. Raises: Invalid."""
        reader = Reader(form)
        reach = reader.choice("reach", ("all", "some"))
        chosen = tuple(code for code in form.getlist("country") if code in COUNTRY_CURRENCY)
        if reach == "some" and not chosen:
            reader.complain("reach", N_("Tick at least one country."))
        reader.done()
        return cls(chosen if reach == "some" else None)
