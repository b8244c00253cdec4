"""How months stand in addresses."""

from __future__ import annotations

import re
from datetime import date

from insurance.reporting.bordereaux.errors import MonthUnknown

_MONTH = re.compile(r"(20[0-9]{2})-(0[1-9]|1[0-2])", re.ASCII)


def read_month(typed: str) -> date:
    """Return the first day of a month such as 2026-06. Raises: MonthUnknown."""
    found = _MONTH.fullmatch(typed)
    if found is None:
        raise MonthUnknown
    return date(int(found[1]), int(found[2]), 1)
