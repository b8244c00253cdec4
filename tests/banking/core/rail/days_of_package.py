"""Writes the public days of countries from the package `holidays`, and compares them.

`python -m tests.banking.core.rail.days_of_package` writes them for ten years from this one on.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from typing import Any

import holidays

from banking.core.rail.public_days import DATA

# What a country's banks rest on, in the categories of the package. Hong Kong's general holidays are
# optional to employers, Sweden's eves are holidays in fact.
CATEGORIES: dict[str, tuple[str, ...]] = {
    "AE": ("public",),
    "AU-NSW": ("public",),
    "BR": ("public",),
    "CA-ON": ("public", "government"),
    "CH-ZH": ("public",),
    "CN": ("public",),
    "CZ": ("public",),
    "DK": ("public",),
    "HK": ("public", "optional"),
    "IN": ("public",),
    "JP": ("public", "bank"),
    "KR": ("public", "bank"),
    "KW": ("public",),
    "MX": ("public",),
    "NO": ("public",),
    "NZ": ("public",),
    "PL": ("public",),
    "SE": ("public", "de_facto"),
    "SG": ("public",),
    "ZA": ("public",),
}
# Days on which the banks rest every week; Saturday and Sunday elsewhere.
WEEKENDS = {"KW": (4, 5)}
YEARS = 10


def days_of(country: str, years: range) -> dict[str, dict[str, list[str]]]:
    """Return holidays on weekdays and worked days of weekends, by year as `MM-DD`."""
    land, _, part = country.partition("-")
    weekend = WEEKENDS.get(country, (5, 6))
    found = holidays.country_holidays(
        land, subdiv=part or None, years=years, categories=CATEGORIES[country]
    )
    return {
        "rested": _by_year([day for day in found if day.weekday() not in weekend], years),
        "worked": _by_year(list(found.weekend_workdays), years),
    }


def _by_year(days: list[date], years: range) -> dict[str, list[str]]:
    told = {str(year): sorted(f"{d:%m-%d}" for d in days if d.year == year) for year in years}
    return {year: found for year, found in told.items() if found}


def written(years: range) -> dict[str, Any]:
    """Return what the file says."""
    source = (
        f"Package holidays {holidays.__version__}: what each country's laws and decrees say so far;"
        " days by the moon, and China's worked weekends of coming years, are decreed year by year"
    )
    rows = [
        {"country": country, "categories": list(CATEGORIES[country])} | days_of(country, years)
        for country in sorted(CATEGORIES)
    ]
    return {"source": source, "first_year": years[0], "last_year": years[-1], "countries": rows}


def lines(years: range) -> str:
    """Return the file's text, one country a line."""
    said = written(years)
    rows = ",\n".join(json.dumps(row) for row in said.pop("countries"))
    head = json.dumps(said)[:-1]
    return f'{head}, "countries": [\n{rows}\n]}}\n'


if __name__ == "__main__":
    this = datetime.now(UTC).year
    DATA.write_text(lines(range(this, this + YEARS)), "utf-8")
