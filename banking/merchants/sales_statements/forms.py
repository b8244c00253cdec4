"""Which days a statement is asked for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from banking.merchants.sales_statements.errors import DaysUnreadable
from kernel import clock
from kernel.text import Message


@dataclass(frozen=True, slots=True)
class Days:
    """First and last day, both in; without any the month so far."""

    since: date
    until: date

    @classmethod
    def parse(cls, arguments: Mapping[str, str]) -> Days:
        """Read the address. Raises: DaysUnreadable."""
        today = clock.today()
        try:
            since = date.fromisoformat(arguments.get("from") or today.replace(day=1).isoformat())
            until = date.fromisoformat(arguments.get("to") or today.isoformat())
        except ValueError:
            since, until = today, date.min
        if until < since or until > today or since.year < 2000:
            raise DaysUnreadable({"from": Message(DaysUnreadable.message)})
        return cls(since, until)
