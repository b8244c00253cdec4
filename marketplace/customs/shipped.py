"""The rows that ship with the house, read once per process."""

from __future__ import annotations

import json
from decimal import Decimal
from functools import cache
from importlib import resources
from typing import Any

from marketplace.customs.rules import Tables, tables_from


def data(name: str) -> Any:  # noqa: ANN401 - JSON is what its reader makes of it
    """Return a packaged JSON file with decimals kept exact."""
    text = resources.files("marketplace.customs").joinpath("data", name).read_text("utf-8")
    return json.loads(text, parse_float=Decimal)


@cache
def tables() -> Tables:
    """Return the dated rows of the landed-cost engine."""
    return tables_from(data("rules.json"))
