"""The command: results in order, malformed cases named on stderr with status 2."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result
from landed_cases import make_case, make_line

from marketplace.borders.duties.cli import landed_cost


def run(path: Path, cases: object) -> Result:
    file = path / "cases.json"
    file.write_text(cases if isinstance(cases, str) else json.dumps(cases), encoding="utf-8")
    return CliRunner().invoke(landed_cost, [str(file)])


def test_results_come_in_the_order_of_the_cases_and_refusals_are_no_failure(tmp_path: Path) -> None:
    refused = make_case("GB", lines=[make_line("20", hs=None)])

    ran = run(tmp_path, [make_case("GB", "20"), refused, make_case("AU", "30")])

    assert ran.exit_code == 0
    answers = json.loads(ran.stdout)
    assert [a.get("regime", a.get("reason")) for a in answers] == ["GB_LOW", "MISSING_HS", "AU_LOW"]


def test_numbers_written_as_json_numbers_stay_exact(tmp_path: Path) -> None:
    text = json.dumps([make_case("GB", "135.01")]).replace('"135.01"', "135.01")

    ran = run(tmp_path, text)

    assert json.loads(ran.stdout)[0]["regime"] == "GB_STANDARD"


def broken(**consignment: Any) -> dict[str, Any]:
    return make_case("GB", "20", **consignment)


MALFORMED: dict[str, Any] = {
    "a price that is no number": broken(lines=[make_line("ten")]),
    "a price that is not finite": broken(lines=[make_line("NaN")]),
    "a negative price": broken(lines=[make_line("-1")]),
    "a huge exponent": broken(lines=[make_line("1e999999")]),
    "no price": broken(lines=[make_line("1") | {"unit_price": None}]),
    "no pieces": broken(lines=[make_line("1", quantity=0)]),
    "half a piece": broken(lines=[make_line("1", quantity="0.5")]),
    "true pieces": broken(lines=[make_line("1", quantity=True)]),
    "a code of five digits": broken(lines=[make_line("1", hs="61091")]),
    "an origin in words": broken(lines=[make_line("1", origin="China")]),
    "a date of another kind": broken(entry_date="03/08/2026"),
    "no date": broken(sale_date=None),
    "a channel nobody knows": broken(channel="pigeon"),
    "an incoterm nobody knows": broken(incoterm="EXW"),
    "a declaration nobody knows": broken(declaration="H9"),
    "a country in words": broken(destination={"country": "Britain"}),
    "a flag in words": broken(business="no"),
    "no rate for the currency": broken(currency="USD"),
    "a fee nobody knows": make_case("GB", "20", fees_on=[{"row": "GB-DREAM"}]),
    "a fee without amount": make_case("AU", "2000", fees_on=[{"row": "AU-IMPORT-PROCESSING"}]),
    "a province is needed": make_case("CA", "20", destination={"country": "CA"}),
    "a tariff that is not parallel": make_case("GB", "20", layers=[[], []]),
    "a layer nobody knows": make_case("GB", "20", layers=[[{"id": "x", "type": "compound"}]]),
    "a layer without rate": make_case("GB", "20", layers=[[{"id": "x", "type": "ad_valorem"}]]),
    "a weight is needed": make_case(
        "GB", "200", layers=[[{"id": "x", "type": "specific", "amount": "1", "per": "kg"}]]
    ),
    "no tariff": {"id": "GB made", "consignment": make_case("GB", "20")["consignment"]},
    "an empty layout": {"id": "GB made", "layout": []},
}


@pytest.mark.parametrize("case", MALFORMED.values(), ids=MALFORMED.keys())
def test_a_malformed_case_is_named_on_stderr_with_status_two(tmp_path: Path, case: Any) -> None:
    ran = run(tmp_path, [make_case("GB", "20") | {"id": "fine"}, case])

    assert ran.exit_code == 2
    assert ran.stderr.startswith(case["id"])
    assert ran.stdout == ""


@pytest.mark.parametrize("text", ["{}", "[1]", "not json", '[{"id": 3}]', "[NaN]"])
def test_a_file_that_holds_no_cases_is_refused(tmp_path: Path, text: str) -> None:
    ran = run(tmp_path, text)

    assert (ran.exit_code, ran.stdout) == (2, "")
    assert ran.stderr


def test_the_command_loads_neither_database_nor_web() -> None:
    code = (
        "import sys; import marketplace.borders.duties.cli; "
        "print([m for m in ('sqlalchemy', 'flask', 'rq', 'redis') if m in sys.modules])"
    )

    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)

    assert found.stdout.strip() == "[]"
