"""Reads `currencies/`: one file for each currency, with a part for each room that has a say on it.

The parts belong to the rooms that read them by name; this module knows of none what it holds.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from kernel.registry import Registry

HOUSE = Registry(Path(__file__).parents[1] / "currencies")


def digits() -> dict[str, int]:
    """Return the digits of the minor unit by ISO 4217 code: 0, 2 or 3."""
    return HOUSE.part("digits")


def part(name: str) -> dict[str, Any]:
    """Return one part by currency, of those that have it: a mapping, or a list of dated rows."""
    return HOUSE.part(name)
