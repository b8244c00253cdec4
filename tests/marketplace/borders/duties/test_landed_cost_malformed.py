"""A malformed case ends with its id on stderr and status 2, whatever stands where."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from landed_cases import ad_valorem, make_case, make_line

from marketplace.borders.duties.cli import landed_cost
from tests.mutations import is_answered, odd_cases, ran

WORKED = json.loads((Path(__file__).parent / "vectors" / "worked.json").read_text("utf-8"))
COSMETICS = {"category": "cosmetics", "content": "20", "content_unit": ["g"]}


def french(**consignment: Any) -> dict[str, Any]:
    return make_case("FR", "20", **consignment)


def layered(**changes: Any) -> dict[str, Any]:
    return make_case("GB", "200", layers=[[ad_valorem("5") | changes]])


MALFORMED: dict[str, tuple[dict[str, Any], str]] = {
    "a declaration in a list": (french(declaration=["H7"]), "declaration: ['H7']"),
    "an empty declaration": (french(declaration=""), "declaration: ''"),
    "a tax class in a list": (
        french(lines=[make_line("1", tax_class=["a"])]),
        "tax_class: ['a']",
    ),
    "origins in lists": (layered(origins=[["CN"]]), "origins holds others than texts"),
    "origins in one text": (layered(origins="CN"), "origins is not a list"),
    "a layer named by a number": (layered(id=7), "id: 7"),
    "a layer named by a list": (layered(id=["mfn"]), "id: ['mfn']"),
    "a scheme nobody knows": (layered(scheme=["normal"]), "scheme: ['normal']"),
    "a fee named by a list": (make_case("GB", "2", fees_on=[{"row": ["FR-PARCEL"]}]), "row: "),
    "fees in one object": (make_case("GB", "2") | {"fees_on": {}}, "fees_on is not a list"),
    "rates in a list": (make_case("GB", "2") | {"fx": []}, "fx is not an object"),
    "registrations in an empty text": (
        french(seller={"registrations": ""}),
        "registrations is not a list",
    ),
    "a seller that is false": (french(seller=False), "seller is not an object"),
    "an origin that is zero": (french(lines=[make_line("1", origin=0)]), "origin: 0"),
    "a content unit in a list": (
        make_case("CN", lines=[make_line("1", attributes=COSMETICS)]),
        "content_unit: ['g']",
    ),
    "a date without dashes": (french(entry_date="20260803"), "entry_date: '20260803'"),
    "a price with underscores": (french(lines=[make_line("1_000")]), "unit_price: '1_000'"),
    "a price of seventy digits": (
        french(lines=[make_line("0." + "1" * 70)]),
        "unit_price: '0.111",
    ),
    "pieces without number": (french(lines=[make_line("1", quantity=10**12)]), "quantity: 1000"),
}


@pytest.mark.parametrize(("case", "told"), MALFORMED.values(), ids=MALFORMED.keys())
def test_a_value_of_the_wrong_kind_is_named(
    tmp_path: Path, case: dict[str, Any], told: str
) -> None:
    result = ran(landed_cost, tmp_path, [case])

    assert (result.exit_code, result.stdout) == (2, "")
    assert result.stderr.startswith(f"{case['id']}: {told}")


@pytest.mark.parametrize("number", ["NaN", "Infinity", "1e99999999999999999999", "9" * 5000])
def test_a_number_nobody_can_read_is_refused_under_its_id(tmp_path: Path, number: str) -> None:
    text = json.dumps([make_case("GB", "LONG")]).replace('"LONG"', number)

    result = ran(landed_cost, tmp_path, text)

    assert result.exit_code == 2
    assert result.stderr.startswith("GB made: unit_price")


@given(case=odd_cases(WORKED))
@settings(max_examples=500)
def test_any_value_in_any_place_gets_a_result_or_the_clean_refusal(
    tmp_path_factory: pytest.TempPathFactory, case: dict[str, Any]
) -> None:
    result = ran(landed_cost, tmp_path_factory.getbasetemp(), [case])

    assert is_answered(result, case, "#1")
