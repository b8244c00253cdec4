"""Public days of the countries that rails rest on, read once from the data beside this file.

The data are written and compared by `tests/banking/core/rail/days_of_package.py` from the package
`holidays`, which no process of the house loads: it takes 15 MiB.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

DATA = Path(__file__).parent / "data" / "public_days.json"


@dataclass(frozen=True, slots=True)
class PublicDays:
    """Holidays that fall on weekdays, and days of weekends that are worked in exchange."""

    rested: frozenset[date] = frozenset()
    worked: frozenset[date] = frozenset()


@cache
def _of_the_world() -> Mapping[str, PublicDays]:
    rows = json.loads(DATA.read_text(encoding="utf-8"))["countries"]
    return {
        row["country"]: PublicDays(
            *(
                frozenset(
                    date.fromisoformat(f"{year}-{day}")
                    for year, days in row[kind].items()
                    for day in days
                )
                for kind in ("rested", "worked")
            )
        )
        for row in rows
    }


def public_days(country: str) -> PublicDays:
    """Return the public days of a country, or of a part of one, as far as the data know the years.

    Shape: country is a code of ISO 3166-1 or 3166-2 such as `CH-ZH`.
    """
    return _of_the_world()[country]
