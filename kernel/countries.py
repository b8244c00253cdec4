"""Reads `countries/`: one file for each country that goods come from or go to.

A file has a part for each room that has a say on the country. Two are for every page: where its
clock stands, and, for a country that the house delivers to, which currency it sees first.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from kernel.registry import Registry, only

HOUSE = Registry(Path(__file__).parents[1] / "countries")


def first_currencies(registry: Registry) -> dict[str, str]:
    """Return the currency shown first by country, of those that goods are delivered to."""

    def read(_code: str, told: Mapping[str, Any]) -> str:
        only(told, {"currency"})
        return str(told["currency"])

    return registry.each("delivery", read)


def time_zones(registry: Registry) -> dict[str, str]:
    """Return the time zone by country, where one is known: that of its seat of most parcels."""
    return registry.each("time_zone", lambda _code, zone: str(zone))
