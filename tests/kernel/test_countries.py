"""The files of countries: whole, dated, each part read, and no list of them anywhere else."""

import ast
import json
import shutil
from datetime import date

import pytest

from kernel import countries
from kernel.registry import BadPart, Registry
from tests.architecture.rooms import TREES
from tests.countries_complete import faults, tables_of

DELIVERED = set(countries.first_currencies(countries.HOUSE))
TERRITORIES = {row.code for row in tables_of(countries.HOUSE).destinations}
# Who may still tell several countries apart in code, and why that is no list of destinations.
LISTED_ELSEWHERE = {
    "banking/authorisation/payees/accounts.py": "how other countries' bank accounts are written",
    "kernel/web/formats.py": "countries that English names with an article",
    "marketplace/selling/listings/landed.py": "three markets that a seller is shown first",
}


def dated(told):
    """Yield every row with a first and a last day, however deep it stands."""
    if isinstance(told, dict):
        if told.keys() >= {"valid_from", "valid_to"}:
            yield told
        for value in told.values():
            yield from dated(value)
    elif isinstance(told, list):
        for value in told:
            yield from dated(value)


def test_every_country_that_goods_go_to_is_complete_and_every_part_is_read():
    assert len(DELIVERED) >= 38
    assert faults(countries.HOUSE) == []


@pytest.mark.parametrize("code", sorted(TERRITORIES))
def test_a_row_of_law_has_its_days_its_source_and_its_confidence(code):
    told = countries.HOUSE.files[code]
    of_law = [
        *(
            row
            for key in ("tax_rates", "limits", "parameters")
            for row in told["customs"].get(key, ())
        ),
        *(
            row
            for key in ("ranges", "additional", "preferences")
            for row in told["tariff"].get(key, ())
        ),
    ]
    assert all(row["source"] and row["confidence"] for row in of_law)
    for row in dated(told):
        first, last = row["valid_from"], row["valid_to"]
        assert not (first and last) or date.fromisoformat(first) <= date.fromisoformat(last)


def test_an_id_of_law_names_one_row():
    tables = tables_of(countries.HOUSE)
    ids = [row.id for row in (*tables.tax_rates, *tables.limits, *tables.parameters, *tables.fees)]
    assert len(ids) == len(set(ids))


def codes_in(node):
    """Return the codes that one literal lists: a set, a tuple, a list, or keys or values."""
    parts = [node.keys, node.values] if isinstance(node, ast.Dict) else [getattr(node, "elts", ())]
    listed = [{one.value for one in part if isinstance(one, ast.Constant)} for part in parts]
    return max(((DELIVERED | TERRITORIES) & found for found in listed), key=len)


def test_no_module_lists_destinations_of_its_own():
    found = set()
    for path, tree in TREES.items():
        if any(len(codes_in(node)) > 2 for node in ast.walk(tree)):
            found.add(path.as_posix())
    assert found == set(LISTED_ELSEWHERE)


@pytest.fixture
def a_copy(tmp_path):
    """The files of countries in a folder of their own, one of which a test writes anew."""
    folder = shutil.copytree(countries.HOUSE.folder, tmp_path / "countries")

    def write(code, **parts):
        path = folder / f"{code}.json"
        told = json.loads(path.read_text(encoding="utf-8"))
        path.write_text(json.dumps(told | parts), encoding="utf-8")
        return Registry(folder)

    return write


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"delivery": {}}, "countries/JP.json, part delivery: 'currency' is missing"),
        ({"map": {"set": [1, 2]}}, "countries/JP.json, part map: nobody reads set"),
        ({"map": [35.7, 139.8]}, "countries/JP.json, part map: no object"),
        (
            {"addresses": {"postcodes": ["999-9999"], "example": "10115"}},
            "countries/JP.json, part addresses: the example 10115 is no postcode by 999-9999",
        ),
        (
            {"parcels": {"region": "moon"}},
            "countries/JP.json, part parcels: no distance is known of the region moon",
        ),
        (
            {"customs": {"currency": "JPY", "customs_value": "CIF", "relief": {"limit": "JP-ODD"}}},
            "countries/JP.json, part customs: relief needs rows of the limit JP-ODD",
        ),
        (
            {"tariff": {"valid_from": "2022-01-01", "source": "MFN", "rates": [{"hs": "09"}]}},
            "countries/JP.json, part tariff: 'confidence' is missing",
        ),
        ({"mains": {"sockets": "AB", "volts": ["low"]}}, "countries/JP.json, part mains: invalid"),
    ],
)
def test_a_part_that_cannot_be_read_is_named_with_its_file(a_copy, parts, said):
    with pytest.raises(BadPart) as refused:
        faults(a_copy("JP", **parts))

    assert str(refused.value).startswith(said)


def test_a_territory_without_a_law_says_what_is_missing(a_copy):
    told = dict(countries.HOUSE.files["GB"]["customs"])
    del told["relief"]

    with pytest.raises(LookupError, match="rules/laws has no module gb"):
        faults(a_copy("GB", customs=told))
