from __future__ import annotations

import gzip
import json

import pytest
from sqlalchemy import text

from kernel.db import reading
from marketplace.demo.imports.loading import import_files
from marketplace.shop.listing_index import queries as shelves
from marketplace.shop.listing_index.queries import Reader
from tests.marketplace.makers import make_rates

CATEGORIES = [
    {"id": "ho", "parent": None, "leaf": False, "names": {"en": "Home", "de": "Wohnen"}},
    {"id": "ho-1", "parent": "ho", "leaf": True, "names": {"en": "Lamps", "de": "Lampen"}},
    {"id": "ho-9-4", "parent": "ho-9", "leaf": True, "names": {"en": "Rugs"}},
]
VENDORS = [
    {
        "vendor_id": "v1",
        "vendor_name": "Norolu Atelier",
        "vendor_country": "DK",
        "lang": "da",
        "brands": ["Noro"],
    },
]


def product(number, **overrides):
    row = {
        "id": f"D{number:06d}",
        "sku": f"NOR-{number}",
        "vendor_id": "v1",
        "vendor_country": "DK",
        "source_lang": "da",
        "category_id": "ho-1",
        "title": {"da": f"Lampe {number}"},
        "description": {"da": "Farve: grøn."},
        "brand": "Noro",
        "model": "",
        "attributes": {"color": "green"},
        "price_minor": 35646,
        "currency": "DKK",
        "stock": 3,
        "created_at": "2025-11-16",
    }
    return row | overrides


def written(path, rows, *, packed=False):
    content = "\n".join(r if isinstance(r, str) else json.dumps(r) for r in rows)
    if packed:
        path = path.with_suffix(".jsonl.gz")
        path.write_bytes(gzip.compress(content.encode()))
    else:
        path.write_text(content)
    return path


@pytest.fixture
def bring(db, tmp_path):
    make_rates(DKK="7.46")

    def run(products, *, packed=False):
        return import_files(
            categories=[written(tmp_path / "c.jsonl", CATEGORIES)],
            vendors=written(tmp_path / "v.jsonl", VENDORS),
            products=written(tmp_path / "p.jsonl", products, packed=packed),
            index=False,
        )

    return run


def counted(table):
    with reading() as current:
        return current.execute(text(f"SELECT count(*) FROM marketplace.{table}")).scalar_one()


def card(external_ref):
    with reading() as current:
        found = current.execute(
            text("SELECT product_id FROM marketplace.product_card WHERE external_ref = :ref"),
            {"ref": external_ref},
        ).scalar_one()
        return shelves.by_ids([found], reader=Reader("da", "DKK"))[0]


@pytest.mark.parametrize("packed", [False, True])
def test_a_file_becomes_goods_on_the_shelf(bring, packed):
    done = bring([product(1), product(2)], packed=packed)

    assert (done.categories, done.vendors, done.products, done.changed) == (3, 1, 2, 2)
    assert done.errors == ()
    shown = card("D000001")
    assert (shown.title, shown.price_minor, shown.currency) == ("Lampe 1", 35646, "DKK")
    assert (shown.in_stock, len(shown.category_ids)) == (True, 2)


def test_the_same_file_again_changes_nothing(bring):
    bring([product(1), product(2)])
    before = [counted(t) for t in ("product", "variant", "offer", "stock_movement")]

    again = bring([product(1), product(2)])

    assert again.changed == 0
    assert [counted(t) for t in ("product", "variant", "offer", "stock_movement")] == before


def test_a_changed_line_changes_its_product_alone(bring):
    bring([product(1), product(2)])

    done = bring([product(1, price_minor=100, stock=0), product(2)])

    assert done.changed == 1
    assert (card("D000001").price_minor, card("D000001").in_stock) == (100, False)
    with reading() as current:
        prices = current.execute(
            text(
                "SELECT array_agg(r.price_minor ORDER BY r.id)"
                " FROM marketplace.offer_price_record r"
                " JOIN marketplace.offer o ON o.id = r.offer_id"
                " JOIN marketplace.variant v ON v.id = o.variant_id WHERE v.sku = 'NOR-1'"
            )
        ).scalar_one()
    assert prices == [35646, 100]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{not json", "Expecting property name"),
        ("[1]", "not an object"),
        (product(7, vendor_id="v9"), "vendor_id v9 is not there"),
        (product(7, category_id="zz"), "category_id zz is not there"),
        (product(7, currency="XXX"), "unknown currency XXX"),
        (product(7, price_minor=0), "price_minor must be a whole number from 1"),
        (product(7, price_minor=1.5), "price_minor must be a whole number from 1"),
        (product(7, stock=-1), "stock must be a whole number from 0"),
        (product(7, title={"en": "Lamp"}), "no title in source_lang da"),
        (product(7, title="Lamp"), "title must map languages to texts"),
        (product(7, created_at="yesterday"), "created_at must be a date"),
        ({k: v for k, v in product(7).items() if k != "sku"}, "sku is missing"),
        (product(1), "D000001 was in an earlier line"),
    ],
)
def test_a_bad_line_is_told_and_the_others_come_in(bring, line, why):
    done = bring([product(1), line, product(2)])

    assert len(done.errors) == 1
    place, told = done.errors[0].split(": ", 1)
    assert place == "p.jsonl:2"
    assert told.startswith(why)
    assert counted("product") == 2


def test_stock_promised_to_buyers_survives_a_lower_count(bring):
    bring([product(1, stock=5)])
    with reading() as current:
        current.execute(text("UPDATE marketplace.stock_level SET allocated = 4"))

    bring([product(1, stock=1)])

    with reading() as current:
        level = current.execute(
            text("SELECT on_hand, allocated FROM marketplace.stock_level")
        ).one()
    assert tuple(level) == (4, 4)


def test_a_category_whose_parent_was_held_back_hangs_on_the_next_above(bring):
    bring([])

    with reading() as current:
        parents = dict(
            current.execute(
                text(
                    "SELECT c.key, p.key FROM marketplace.category c"
                    " LEFT JOIN marketplace.category p ON p.id = c.parent_id"
                )
            ).all()
        )
    assert parents == {"ho": None, "ho-1": "ho", "ho-9-4": "ho"}


def test_goods_of_a_missing_category_stand_on_the_nearest_shelf_above(bring):
    orphan = product(1, category_id="ho-1-99", category_path=["ho", "ho-1", "ho-1-99"])
    lost = product(2, category_id="xx", category_path=["xx"])

    outcome = bring([orphan, lost])

    with reading() as current:
        shelf = current.execute(
            text(
                "SELECT c.key FROM marketplace.product p JOIN marketplace.category c"
                " ON c.id = p.category_id WHERE p.external_ref = 'D000001'"
            )
        ).scalar_one()
    assert shelf == "ho-1"
    assert [error.split(": ", 1)[1] for error in outcome.errors] == ["category_id xx is not there"]


def test_a_value_everybody_knows_gets_its_word_in_every_language(bring, db):
    bring([product(1), product(2, attributes={"color": "octarine"})])
    rows = db.execute(text("SELECT key, names FROM marketplace.attribute_value"))
    names = {row.key: row.names for row in rows}
    assert (names["green"]["de"], names["green"]["ja"], names["green"]["pl"]) == (
        "Grün",
        "緑",
        "Zielony",
    )
    assert names["octarine"] == {"en": "octarine"}
