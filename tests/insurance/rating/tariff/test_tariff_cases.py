"""The published worked cases of the tariff, and the command that answers them."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from insurance.rating.tariff import cases
from insurance.rating.tariff.cli import insurance_rate

WORKED = json.loads((Path(__file__).parent / "vectors" / "worked.json").read_text("utf-8"))
EDGES = json.loads((Path(__file__).parent / "vectors" / "edges.json").read_text("utf-8"))
FINISHED = [case for case in (*WORKED, *EDGES) if "expected" in case]


@pytest.mark.parametrize("case", FINISHED, ids=lambda case: case["id"])
def test_a_worked_case_comes_out_to_the_last_digit(case):
    answer = cases.answer(case)

    assert {key: answer.get(key) for key in case["expected"]} == case["expected"]


def test_the_command_answers_in_the_order_of_the_cases(tmp_path):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps(WORKED), "utf-8")

    ran = CliRunner().invoke(insurance_rate, [str(path)])

    assert ran.exit_code == 0
    results = json.loads(ran.stdout)
    assert [result["decision"] for result in results] == [
        case["expected"]["decision"] for case in WORKED
    ]


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ({"kind": "price"}, "case.kind is none of"),
        ({"risk": None}, "case.risk is missing"),
        ({"risk": {**WORKED[0]["risk"], "mode": "PIGEON"}}, "risk.mode is none of"),
        ({"risk": {**WORKED[0]["risk"], "freight": 5.95}}, "not a plain decimal string"),
        ({"risk": {**WORKED[0]["risk"], "freight": "-1"}}, "not a plain decimal string"),
        ({"risk": {**WORKED[0]["risk"], "freight": "1e3"}}, "not a plain decimal string"),
        ({"risk": {**WORKED[0]["risk"], "signature": "no"}}, "signature is not true or false"),
        ({"risk": {**WORKED[0]["risk"], "items": []}}, "items is empty"),
        ({"risk": {**WORKED[0]["risk"], "bound_on": "yesterday"}}, "bound_on is not a date"),
        ({"risk": {**WORKED[0]["risk"], "currency": "XTS"}}, "currency is none of"),
        ({"risk": {**WORKED[0]["risk"], "currency": "GBP"}, "fx": {}}, "no rate GBP/EUR"),
    ],
)
def test_a_malformed_case_is_named_on_stderr_and_ends_with_two(tmp_path, change, told):
    path = tmp_path / "cases.json"
    path.write_text(json.dumps([WORKED[1], WORKED[0] | {"id": "ODD-1"} | change]), "utf-8")

    ran = CliRunner().invoke(insurance_rate, [str(path)])

    assert ran.exit_code == 2
    assert ran.stderr.startswith("ODD-1: ")
    assert told in ran.stderr
    assert ran.stdout == ""


def test_the_engine_starts_without_database_and_web():
    program = (
        "import sys, insurance.rating.tariff.cli;"
        "print(sorted({'flask', 'sqlalchemy', 'psycopg', 'redis'} & set(sys.modules)))"
    )
    ran = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True
    )

    assert ran.stdout.strip() == "[]"
