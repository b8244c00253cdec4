"""Reads `currencies/`: one file for each currency, with a part for each room that has a say on it.

The parts belong to the rooms that read them by name; this module knows of none what it holds.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).parents[1] / "currencies"


@cache
def _files() -> Mapping[str, Mapping[str, Any]]:
    return {
        path.stem: json.loads(path.read_text(encoding="utf-8"))
        for path in sorted(FOLDER.glob("*.json"))
    }


def digits() -> dict[str, int]:
    """Return the digits of the minor unit by ISO 4217 code: 0, 2 or 3."""
    return {code: told["digits"] for code, told in _files().items()}


def part(name: str) -> dict[str, Any]:
    """Return one part by currency, of those that have it: a mapping, or a list of dated rows."""
    return {code: told[name] for code, told in _files().items() if name in told}
