"""The worked cases of the specification, to the last unit."""

from __future__ import annotations

import json
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from marketplace.borders.duties import shipped
from marketplace.borders.duties.rules.written import answer

CASES = [
    case
    for path in sorted((Path(__file__).parent / "vectors").glob("*.json"))
    for case in json.loads(path.read_text("utf-8"), parse_float=Decimal)
]


def part_of(expected: Any, found: Any) -> Any:
    if isinstance(expected, dict):
        return {key: part_of(value, found.get(key)) for key, value in expected.items()}
    if isinstance(expected, list):
        return [part_of(e, f) for e, f in zip(expected, found, strict=True)]
    return found


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_worked_case_is_met_to_the_last_unit(case: dict[str, Any]) -> None:
    found = answer(case, shipped.tables())

    assert part_of(case["expected"], found) == case["expected"]


@pytest.mark.parametrize("case", CASES, ids=[case["id"] for case in CASES])
def test_every_amount_of_the_trace_names_its_row_and_source(case: dict[str, Any]) -> None:
    found = answer(case, shipped.tables())

    for part in found.get("parts", [found]):
        trace = part.get("trace", [])
        assert all(entry["row"] and entry["rounding"] and entry["source"] for entry in trace)
        if part["decision"] == "quote":
            charged = sum(Decimal(entry["amount"]) for entry in trace)
            absorbed = Decimal(part["seller_cost"])
            assert charged == Decimal(part["charges_total"]) + absorbed
