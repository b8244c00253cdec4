from __future__ import annotations

import re
import time
from xml.etree import ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.db import reading
from marketplace.catalogue.drawings import kinds, queries, rules
from marketplace.catalogue.drawings.errors import NoSuchDrawing
from marketplace.catalogue.drawings.rules import Subject
from tests.marketplace.makers import make_category

EVERY_SHAPE = sorted(rules.SHAPES)
SEEDS = ("0000", "1a2b", "77fe", "ffff")


def test_there_is_a_shape_for_every_kind_and_a_pattern_for_the_rest():
    assert len(EVERY_SHAPE) >= 60
    named = {*kinds._WORDS, *kinds._OWN.values(), *kinds._NOUNS.values(), kinds.FALLBACK}
    assert named == set(EVERY_SHAPE)


@pytest.mark.parametrize("shape", EVERY_SHAPE)
def test_a_drawing_is_small_whole_and_the_same_each_time(shape):
    for seed in SEEDS:
        subject = Subject(shape, seed, "27408b")
        svg = rules.drawing(subject)
        rules.drawing.cache_clear()

        assert rules.drawing(subject) == svg
        assert len(svg.encode()) <= 3_000
        root = ElementTree.fromstring(svg)  # noqa: S314 - our own
        assert root.get("viewBox") == "0 0 400 400"
        assert not re.search(r"<script|<text|href=\"(?!#)|url\((?!#)", svg)
        assert "prefers-color-scheme:dark" in svg


@pytest.mark.parametrize("shape", EVERY_SHAPE)
def test_colour_and_seed_change_the_drawing(shape):
    plain = rules.drawing(Subject(shape, "1a2b", "27408b"))

    assert rules.drawing(Subject(shape, "1a2b", "b8412f")) != plain
    assert len({rules.drawing(Subject(shape, seed, "27408b")) for seed in SEEDS}) > 1


@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        (("teapots", "Teapots"), "teapot"),
        (("tea-bowls-cups", "Tea bowls and cups"), "cup"),
        (("lamps", "Lamps"), "lamp"),
        (("furniture", "Furniture"), "chair"),
        (("notebooks", "Notebooks"), "book"),
        (("handbags", "Handbags"), "bag"),
        (("wooden-toys", "Wooden toys"), "toy"),
        (("honey-jams", "Honey"), "jar"),
        (("necklaces", "Necklaces"), "necklace"),
        (("4711", "Running shoes"), "shoe"),
        (("c-12", "Coffee cups"), "cup"),
        (("x", "Sparkling wines"), "bottle"),
        (("zz", "Miscellany"), "tiles"),
    ],
)
def test_kinds_of_goods_find_their_shape(kind, shape):
    assert kinds.shape_of([kind]) == shape


@pytest.mark.parametrize(
    ("title", "shape"),
    [
        ("Wool camp blanket, 190 × 140 cm", "textile"),
        ("Kada bangle, 18 ct gold", "bangle"),
        ("Butter shortbread in a tin", "tin"),
        ("Chiavi key ring", None),
        ("Spare linen shade", None),
        ("提梁白瓷大茶壶", None),
        ("", None),
    ],
)
def test_a_title_that_names_the_thing_is_believed_before_its_shelf(title, shape):
    assert kinds.noun_shape(title) == shape


def test_a_kind_without_a_shape_asks_the_one_above():
    assert kinds.shape_of([("qq", "Odd"), ("bags", "Bags")]) == "bag"
    assert kinds.shape_of([]) == kinds.FALLBACK


def test_goods_are_always_drawn_alike_and_each_a_little_different(db):
    leaf = make_category("teapots-d", en="Teapots")

    with reading():
        one = queries.path_for(category_ids=[leaf], key="P-1", colour="#27408B")

    assert re.fullmatch(r"drawn/teapot-[0-9a-f]{4}-27408b\.svg", one)
    assert queries.path_for(category_ids=[leaf], key="P-1", colour="#27408B") == one
    assert queries.path_for(category_ids=[leaf], key="P-2", colour="#27408B") != one
    assert queries.path_for(category_ids=[leaf], key="P-1").endswith("-house.svg")
    assert queries.path_for(category_ids=[], key="P-1").startswith("drawn/tiles-")


def test_a_drawing_is_kept_for_good_and_may_do_nothing(client):
    answer = client.get("/media/drawn/teapot-1a2b-27408b.svg")

    assert (answer.status_code, answer.mimetype) == (200, "image/svg+xml")
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Content-Security-Policy"] == (
        "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; frame-ancestors 'none'"
    )
    assert not answer.headers.getlist("Set-Cookie")


@given(st.text(max_size=40))
def test_no_other_name_is_drawn(name):
    if rules.subject_of(name) is None:
        with pytest.raises(NoSuchDrawing):
            queries.svg(name)


@pytest.mark.parametrize(
    "name",
    [
        "ghost-1a2b-27408b.svg",
        "teapot-1A2B-27408b.svg",
        "teapot-1a2b-red.svg",
        "teapot-1a2b-27408b.svg.svg",
        "teapot-1a2b-<script>.svg",
        "__class__-1a2b-house.svg",
    ],
)
def test_names_that_are_none_answer_404(client, name):
    assert client.get(f"/media/drawn/{name}").status_code == 404


def test_twenty_pictures_of_a_page_cost_next_to_nothing(db):
    leaf = make_category("lamps-d", en="Lamps")
    with reading():
        queries.path_for(category_ids=[leaf], key="warm")

    began = time.process_time()
    for number in range(20):
        queries.picture_for(category_ids=[leaf], key=f"P-{number}", colour="#27408B")

    assert time.process_time() - began < 0.002
