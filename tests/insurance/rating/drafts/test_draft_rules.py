"""A draft's figures: where they differ, what they may be, and what a change of them makes."""

import json
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from insurance.rating.drafts import rules, vectors
from insurance.rating.tariff.tables import FOLDER, published

DAY = date(2026, 6, 1)
DOCUMENT = json.loads((FOLDER / "pcr_2026_1.json").read_text(encoding="utf-8"))
WORKED = Path(__file__).parents[1] / "tariff" / "vectors" / "worked.json"
# One cell of every table that a price is made of.
TABLES = {
    "base_pct/parcel/STD": "0.71",
    "factors/mode/parcel/EXP": "0.86",
    "factors/geo/parcel/WLD": "1.46",
    "factors/deductible/parcel/25": "0.91",
    "factors/goods/G3": "1.26",
    "factors/packing/reused": "1.16",
    "factors/signature/yes": "0.91",
    "history/bands/0/factor": "0.91",
    "additional_pct/TPND": "0.06",
    "war_strikes_pct/High": "0.21",
    "strikes_only_pct": "0.03",
    "delay/probability_pct/TRK/3": "9.5",
    "delay/loading": "1.36",
    "minimum_net/parcel/EUR": "0.55",
    "commission_pct": "21",
    "authority/cargo_eur": "250001",
    "premium_tax/GB/LOSS/domestic/any/2026-01-01": "13",
}


def changed():
    return rules.with_cells(DOCUMENT, {"base_pct/parcel/STD": "0.77"})


@pytest.mark.parametrize(("path", "value"), TABLES.items())
def test_each_changed_factor_table_changes_the_version(path, value):
    new = rules.with_cells(DOCUMENT, {path: value})

    (change,) = rules.differences(DOCUMENT, new)
    version = rules.next_version({"PCR-2026.1"}, valid_from=DAY)
    assert (change.path, change.after) == (path, value)
    assert version == "PCR-2026.2"
    assert rules.tariff_of(rules.named(new, version=version, valid_from=DAY)).version == version
    assert rules.fingerprint(new) != rules.fingerprint(DOCUMENT)


def test_every_cell_of_the_tariff_in_force_is_in_order():
    assert rules.complaints(DOCUMENT, based_on=DOCUMENT) == {}
    assert rules.differences(DOCUMENT, json.loads(json.dumps(DOCUMENT))) == ()


def test_a_fingerprint_knows_no_order_of_keys():
    turned = dict(reversed(DOCUMENT.items()))

    assert rules.fingerprint(turned) == rules.fingerprint(DOCUMENT)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("base_pct/parcel/STD", "0,70"),
        ("base_pct/parcel/STD", "refer"),
        ("base_pct/parcel/STD", "0"),
        ("base_pct/parcel/STD", "-1"),
        ("base_pct/parcel/STD", "1e9"),
        ("base_pct/parcel/STD", "NaN"),
        ("base_pct/parcel/STD", "١"),
        ("commission_pct", "101"),
        ("withdrawal_days", "1.5"),
        ("withdrawal_days", "0"),
        ("factors/goods/G1", ""),
    ],
)
def test_what_is_no_figure_is_refused_at_its_cell(path, value):
    assert rules.complaint(path, value) is not None


@pytest.mark.parametrize("path", ["factors/goods/G5", "factors/geo/cargo/Z4"])
def test_a_cell_that_the_gate_reads_may_refuse(path):
    assert rules.complaint(path, "refer") is None


def test_limits_of_history_rise():
    fallen = rules.with_cells(DOCUMENT, {"history/bands/1/up_to_pct": "20"})

    assert list(rules.complaints(fallen, based_on=DOCUMENT)) == ["history/bands/0/up_to_pct"]


def test_a_document_without_a_figure_is_refused():
    short = {**DOCUMENT, "factors": {**DOCUMENT["factors"], "packing": {"normal": "1.00"}}}

    assert "factors/packing/reused" in rules.complaints(short, based_on=DOCUMENT)


def test_a_tax_row_is_added_and_named_by_what_it_is_about():
    row = {"country": "IT", "section": "LOSS", "route": "any", "kind": "any", "rate_pct": "7.5"}
    new = rules.with_tax_row(DOCUMENT, {**row, "valid_from": "2026-07-01", "basis": "Law of Italy"})

    (change,) = rules.differences(DOCUMENT, new)
    assert change.path == "premium_tax/IT/LOSS/any/any/2026-07-01"
    assert (change.before, change.after) == (None, "7.5")
    assert rules.complaints(new, based_on=DOCUMENT) == {}


def test_the_packaged_cases_cost_what_the_reference_says():
    worked = {case["id"]: case for case in json.loads(WORKED.read_text(encoding="utf-8"))}
    (of,) = published()

    assert len(vectors.vectors()) == 18
    for vector in vectors.vectors():
        case = worked[vector.id]["expected"]
        total = f"{case['total']} {case['currency']}" if "total" in case else case["reason"]
        assert vectors.answer(vector, of, on=DAY) == total, vector.id


def test_a_changed_rate_moves_the_cases_that_stand_on_it_and_no_other():
    old, new = rules.tariff_of(DOCUMENT), rules.tariff_of(changed())

    moved = vectors.moved(old, new, on=DAY)

    assert [(one.id, one.before, one.after) for one in moved] == [
        ("V1", "0.50 EUR", "0.53 EUR"),
        ("V2", "2.26 EUR", "2.49 EUR"),
        ("V3", "2.19 EUR", "2.41 EUR"),
        ("V8", "269 JPY", "296 JPY"),
        ("CONTROL", "8.33 EUR", "9.16 EUR"),
    ]


@pytest.mark.parametrize(
    ("now", "day"),
    [
        (datetime(2026, 6, 1, 9, tzinfo=UTC), date(2026, 6, 2)),
        (datetime(2026, 6, 1, 22, 59, tzinfo=UTC), date(2026, 6, 2)),
        (datetime(2026, 6, 1, 23, 0, tzinfo=UTC), date(2026, 6, 3)),
    ],
)
def test_a_tariff_begins_tomorrow_at_the_earliest_and_never_within_the_hour(now, day):
    assert rules.earliest_day(now) == day
    assert not rules.is_settled(day, now=now)
    assert rules.is_settled(DAY, now=now)


def test_versions_are_numbered_within_their_year():
    known = {"PCR-2026.1", "PCR-2026.9", "PCR-2026.10", "PCR-2027.3"}

    assert rules.next_version(known, valid_from=DAY) == "PCR-2026.11"
    assert rules.next_version(known, valid_from=date(2028, 1, 1)) == "PCR-2028.1"
