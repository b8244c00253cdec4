"""A bad line is told with file, line and reason; the good ones around it come in."""

from __future__ import annotations

import gzip
import json
from dataclasses import asdict
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import text
from test_intake import CATEGORIES, VENDORS, product, written

from kernel.db import reading
from marketplace.demo.imports.fields import BadLine, row_of
from marketplace.demo.imports.intake import Intake, Products, import_attributes, lines, shop_of
from marketplace.demo.imports.loading import import_files
from marketplace.demo.imports.shelving import category_row
from marketplace.demo.tour.cli import import_catalog
from tests.marketplace.makers import make_rates


def without(name):
    return {key: value for key, value in product(7).items() if key != name}


def odd(**changes):
    return product(7, **changes)


BAD_PRODUCTS = [
    (odd(weight_g="heavy"), "weight_g must be a whole number from 1"),
    (odd(weight_g=0), "weight_g must be a whole number from 1"),
    (odd(weight_g=2**31), "weight_g must be a whole number from 1"),
    (odd(weight_g=True), "weight_g must be a whole number from 1"),
    (odd(brand="No\x00ro"), "brand holds the control sign U+0000"),
    (odd(brand="No\x1bro"), "brand holds the control sign U+001B"),
    (odd(brand=["Noro"]), "brand must be a text"),
    (odd(brand="n" * 201), "brand is longer than 200 signs"),
    (odd(model={"a": 1}), "model must be a text"),
    (odd(attributes={"color": "gre\x00en"}), "attributes.color holds the control sign U+0000"),
    (odd(attributes={"co\x00lor": "green"}), "a name of attributes holds the control sign U+0000"),
    (odd(attributes={"color": ["green"]}), "attributes.color must be a text"),
    (odd(attributes={"color": "g" * 3000}), "attributes.color is longer than 200 signs"),
    (odd(attributes=["green"]), "attributes must map names to values"),
    (odd(title={"da": "Lam\ud800pe"}), "title in da holds the control sign U+D800"),
    (odd(title={"da": "Lam\x00pe"}), "title in da holds the control sign U+0000"),
    (odd(title={"da": " "}), "no title in source_lang da"),
    (odd(title={"da": "Lampe", "x\x00": "Lamp"}), "a key of title must be a language tag"),
    (odd(description={"da": 5}), "description in da must be a text"),
    (odd(description="Farve"), "description must map languages to texts"),
    (odd(id="D" * 4000), "id is longer than 200 signs"),
    (odd(id=7), "id must be a text"),
    (odd(sku="N\x00R"), "sku holds the control sign U+0000"),
    (odd(sku=None), "sku must be a text"),
    (odd(hs_code="61.09"), "hs_code must be six to twelve digits"),
    (odd(hs_code=610910), "hs_code must be six to twelve digits"),
    (odd(origin_country="Denmark"), "origin_country must be a country code"),
    (odd(origin_country=["DK"]), "origin_country must be a country code"),
    (odd(price_minor="356.46"), "price_minor must be a whole number from 1"),
    (odd(price_minor=356.46), "price_minor must be a whole number from 1"),
    (odd(price_minor=10**19), "price_minor must be a whole number from 1"),
    (odd(stock=2**31), "stock must be a whole number from 0"),
    (odd(currency=["DKK"]), "currency must be a text"),
    (odd(vendor_id={"v": 1}), "vendor_id must be a text"),
    (odd(category_id=["ho-1"]), "category_id must be a text"),
    (odd(category_path="ho"), "category_path must be a list of texts"),
    (odd(created_at=20251116), "created_at must be a date"),
    (odd(created_at="0001-01-01T00:00:00+14:00"), "created_at must be a date"),
    (odd(created_at="9999-12-31"), "created_at must lie between 1900 and 2200"),
    (without("created_at"), "created_at is missing"),
    (without("price_minor"), "price_minor is missing"),
    (json.dumps(odd()).replace('"stock": 3', '"stock": NaN'), "NaN is not a number"),
    ('{"id": ' + "[" * 100_000, "nested too deeply"),
    (json.dumps(odd(stock=0)).replace('"stock": 0', '"stock": ' + "9" * 5000), "Exceeds the limit"),
    (json.dumps(odd(), ensure_ascii=False).encode("utf-16"), "not UTF-8 at byte 1"),
    (b'{"id": "\xe9t\xe9"}', "not UTF-8 at byte 9"),
]


def packed(row):
    content = row if isinstance(row, str | bytes) else json.dumps(row)
    return content if isinstance(content, bytes) else content.encode()


@pytest.fixture
def files(tmp_path):
    make_rates(DKK="7.46")

    def written_files(products, **others):
        paths = {
            "categories": [written(tmp_path / "c.jsonl", others.get("categories", CATEGORIES))],
            "vendors": written(tmp_path / "v.jsonl", others.get("vendors", VENDORS)),
            "products": tmp_path / "p.jsonl",
        }
        # UTF-16 holds no line break but its own, so that a line stays a line.
        paths["products"].write_bytes(b"\n".join(packed(row) for row in products))
        return paths

    return written_files


def kept(column, table):
    with reading() as current:
        found = current.execute(text(f"SELECT {column} FROM marketplace.{table} ORDER BY 1"))
        return found.scalars().all()


def test_every_bad_product_is_told_and_all_good_ones_around_come_in(db, files):
    rows = [product(100)]
    for number, (bad, _) in enumerate(BAD_PRODUCTS, start=101):
        rows += [bad, product(number)]

    done = import_files(**files(rows), index=False)

    wanted = [f"p.jsonl:{2 * n}: {why}" for n, (_, why) in enumerate(BAD_PRODUCTS, start=1)]
    assert len(done.errors) == len(wanted)
    for told, begins in zip(done.errors, wanted, strict=True):
        assert told.startswith(begins)
    good = [f"D{number:06d}" for number in range(100, 101 + len(BAD_PRODUCTS))]
    assert kept("external_ref", "product") == good


def test_the_values_of_a_refused_line_stay_out_too(db, files):
    import_files(**files([product(1), odd(attributes={"color": "puce"}, stock=-1)]), index=False)

    assert kept("key", "attribute_value") == ["green"]


@pytest.mark.parametrize(
    ("row", "why"),
    [
        ({"id": "ho-2"}, "a category has an id and names"),
        ({"id": "ho-2", "names": {}}, "a category has an id and names"),
        ({"id": "ho-2", "names": ["Rugs"]}, "names must map languages to texts"),
        ({"id": "ho-2", "names": {"en": "Ru\x00gs"}}, "names in en holds the control sign"),
        ({"id": "h\x00", "names": {"en": "Rugs"}}, "id holds the control sign"),
        ({"id": "ho-1", "names": {"en": "Rugs"}}, "ho-1 was in an earlier line"),
        ({"id": "ho-2", "parent": ["ho"], "names": {"en": "Rugs"}}, "parent must be a text"),
        ({"id": "ho-2", "parents": 4, "names": {"en": "Rugs"}}, "parents must be a list"),
        ({"id": "ho-2", "names": {"en": "Rugs"}, "synonyms": {"en": "mats"}}, "synonyms in en"),
        ({"id": "ho-2", "parent": "ho-2", "names": {"en": "Rugs"}}, "ho-2 stands above itself"),
    ],
)
def test_a_bad_category_is_told_and_the_others_come_in(db, files, row, why):
    done = import_files(**files([product(1)], categories=[*CATEGORIES, row]), index=False)

    assert [error.split(": ", 1)[0] for error in done.errors] == ["c.jsonl:4"]
    assert done.errors[0].split(": ", 1)[1].startswith(why)
    assert kept("key", "category") == ["ho", "ho-1", "ho-9-4"]
    assert kept("external_ref", "product") == ["D000001"]


def test_a_loop_of_categories_loses_its_last_line_and_hangs_on_a_root(db, files):
    ring = [
        {"id": name, "parent": parent, "names": {"en": name}}
        for name, parent in (("aa", "cc"), ("bb", "aa"), ("cc", "bb"))
    ]

    done = import_files(**files([], categories=ring), index=False)

    assert done.errors == ("c.jsonl:3: cc stands above itself",)
    assert kept("cardinality(path)", "category") == [1, 2]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"vendor_country": "Denmark"}, "vendor_country must be a country code"),
        ({"vendor_country": None}, "vendor_country is missing"),
        ({"vendor_name": "No\x00ro"}, "vendor_name holds the control sign"),
        ({"vendor_name": 5}, "vendor_name must be a text"),
        ({"lang": "da\x00"}, "lang must be a language tag"),
        ({"lang": {}}, "lang must be a language tag"),
        ({"vendor_id": "v" * 300}, "vendor_id is longer than 200 signs"),
        ({"vendor_id": "V1"}, "another shop stands at the address norolu-atelier-v1"),
    ],
)
def test_a_bad_vendor_is_told_and_the_others_come_in(db, files, changes, why):
    bad = VENDORS[0] | {"vendor_id": "v2"} | changes
    late = VENDORS[0] | {"vendor_id": "v3"}

    done = import_files(**files([product(1)], vendors=[*VENDORS, bad, late]), index=False)

    assert [error.split(": ", 1)[0] for error in done.errors] == ["v.jsonl:2"]
    assert done.errors[0].split(": ", 1)[1].startswith(why)
    assert kept("external_ref", "vendor") == ["v1", "v3"]


def test_a_bad_attribute_value_is_told_and_the_others_come_in(db, tmp_path):
    path = tmp_path / "a.json"
    path.write_text(json.dumps({"color": {"red": {"en": "Red"}, "r\x00": {"en": "Odd"}, "mad": 3}}))
    intake = Intake()

    import_attributes(path, intake)

    assert [error.split(": ")[0] for error in intake.errors] == ["a.json", "a.json"]
    assert kept("key", "attribute_value") == ["red"]


def test_a_packed_file_that_breaks_off_keeps_what_was_read(tmp_path):
    path = tmp_path / "v.jsonl.gz"
    whole = gzip.compress("\n".join(json.dumps(VENDORS[0]) for _ in range(3)).encode())
    path.write_bytes(whole[:-6])
    intake = Intake()

    shops = list(lines(path, intake, shop_of))

    assert shops
    assert [error.partition(" ")[2][:19] for error in intake.errors] == ["the file is damaged"]


def test_the_command_ends_with_one_when_a_line_was_refused(db, files, monkeypatch):
    monkeypatch.setattr("kernel.app.prepare_process", lambda: None)
    paths = files([product(1), odd(weight_g="heavy")])
    arguments = ["--no-index", "--categories", str(paths["categories"][0])]
    arguments += ["--vendors", str(paths["vendors"]), "--products", str(paths["products"])]

    ran = CliRunner().invoke(import_catalog, arguments)

    assert ran.exit_code == 1
    assert ran.stderr.startswith("p.jsonl:2: weight_g must be a whole number")
    assert "1 lines refused" in ran.stdout


@pytest.mark.parametrize(
    ("written_as", "instant"),
    [
        ("2025-11-16", datetime(2025, 11, 16, tzinfo=UTC)),
        ("2025-11-16T23:30:00", datetime(2025, 11, 16, 23, 30, tzinfo=UTC)),
        ("2025-11-16T23:30:00Z", datetime(2025, 11, 16, 23, 30, tzinfo=UTC)),
        ("2025-11-16T23:30:00-05:00", datetime(2025, 11, 17, 4, 30, tzinfo=UTC)),
        ("2025-11-16T01:00:00+09:00", datetime(2025, 11, 15, 16, 0, tzinfo=UTC)),
    ],
)
def test_an_offset_is_reckoned_into_universal_time(db, files, written_as, instant):
    import_files(**files([product(1, created_at=written_as)]), index=False)

    assert kept("listed_at", "product") == [instant]


ANY_JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text()
    | st.text(st.characters(categories=["Cc", "Cs", "Nd"]))
    | st.sampled_from(["DK", "da", "ho"]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
WHOLE_ROWS = [*CATEGORIES, *VENDORS, product(1, weight_g=5, hs_code="940510", category_path=["ho"])]


@st.composite
def changed_rows(draw):
    row = dict(draw(st.sampled_from(WHOLE_ROWS)))
    for name in draw(st.lists(st.sampled_from(sorted(row)), max_size=3, unique=True)):
        row[name] = draw(ANY_JSON)
    return json.dumps(row).encode()


@given(line=changed_rows() | ANY_JSON.map(lambda value: json.dumps(value).encode()) | st.binary())
@settings(max_examples=400)
def test_no_line_makes_a_reader_raise_anything_but_its_refusal(line):
    products = object.__new__(Products)
    products._seen, products._vendors, products._categories = set(), {"v1": 1}, {"ho-1": 1}

    for parse in (products.product_of, shop_of, category_row):
        try:
            found = parse(row_of(line))
        except BadLine as refused:
            told = str(refused)
        else:
            told = json.dumps(asdict(found), default=str, ensure_ascii=False)
        # What cannot be written to a terminal or a table raises here.
        assert b"\\u0000" not in json.dumps(told.encode().decode()).encode()
