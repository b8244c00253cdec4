"""A malformed case ends with its id on stderr and status 2, whatever stands where."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings

from insurance.rating.tariff.cli import insurance_rate
from tests.mutations import is_answered, odd_cases, ran, replaced

VECTORS = Path(__file__).parent / "vectors"
CASES = [
    case
    for name in ("worked", "edges")
    for case in json.loads((VECTORS / f"{name}.json").read_text("utf-8"))
]
BY_ID = {case["id"]: case for case in CASES}
CARGO = next(c for c in CASES if c.get("risk", {}).get("product") == "cargo")
ADDED = BY_ID["EDGE-C-ADDED"]
CFR = BY_ID["EDGE-CFR-TAX"]
REFUND = BY_ID["REFUND-ORDER-3"]
DAMAGE = BY_ID["CLAIM-DAMAGE"]


@pytest.mark.parametrize(
    ("case", "told"),
    [
        (replaced(CARGO, ("risk", "zones"), [["Z1"], "Z1"]), "risk.zones holds others than"),
        (replaced(CARGO, ("risk", "zones"), ["Z1"]), "risk.zones are not two zones"),
        (replaced(ADDED, ("risk", "additional"), [["TPND"]]), "risk.additional holds others than"),
        (replaced(ADDED, ("risk", "additional"), ["RAIN"]), "risk.additional holds others than"),
        (replaced(CARGO, ("risk", "bound_on"), "20260803"), "risk.bound_on is not a date"),
        (replaced(CFR, ("risk", "flat_rate_pct"), "95"), "a premium as high as the goods"),
        (replaced(REFUND, ("event", "at"), "0001-01-01T00:00:00+14:00"), "event.at lies outside"),
        (replaced(DAMAGE, ("claim", "goods"), "G9"), "claim.goods is none of"),
        (replaced(DAMAGE, ("claim", "loss"), "١٢"), "not a plain decimal string"),
    ],
)
def test_a_value_of_the_wrong_kind_is_named(tmp_path, case, told):
    result = ran(insurance_rate, tmp_path, [case])

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{case['id']}: ")
    assert told in result.stderr


def test_the_last_days_of_the_calendar_are_days_like_others(tmp_path):
    case = REFUND
    for key in ("bound_at", "attached_at", "at"):
        case = replaced(case, ("event", key), "9999-12-31T12:00:00Z")

    result = ran(insurance_rate, tmp_path, [case])

    assert json.loads(result.stdout)[0]["decision"] == "refund"


def test_a_number_too_long_to_read_is_refused_under_its_id(tmp_path):
    text = json.dumps([replaced(REFUND, ("event", "planned_days"), "LONG")])

    result = ran(insurance_rate, tmp_path, text.replace('"LONG"', "9" * 5000))

    assert result.exit_code == 2
    assert result.stderr.startswith("REFUND-ORDER-3: case.event.planned_days is not a whole number")


@given(case=odd_cases(CASES))
@settings(max_examples=500)
def test_any_value_in_any_place_gets_a_result_or_the_clean_refusal(tmp_path_factory, case):
    folder = tmp_path_factory.getbasetemp()

    assert is_answered(ran(insurance_rate, folder, [case]), case, "case 1")
