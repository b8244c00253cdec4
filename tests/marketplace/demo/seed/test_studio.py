from __future__ import annotations

import json
from collections import Counter
from hashlib import sha256
from pathlib import Path

import pytest

from marketplace.demo.seed import studio
from tests.marketplace.demo.seed.test_data import (
    PICTURES,
    PRODUCTS,
    each_featured,
    each_product,
    languages_of,
)

CATALOGUE = Path(__file__).resolve().parents[4] / "art" / "catalogue.json"
DESIGNS = {d["id"]: d for d in json.loads(CATALOGUE.read_text(encoding="utf-8"))["products"]}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A studio whose folder holds only what a test puts there."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "data").symlink_to(studio._HERE / "data")
    monkeypatch.setattr(studio, "_HERE", tmp_path)
    return tmp_path / "pictures"


@each_product
def test_every_form_has_a_colourway_of_the_design_and_wears_its_shade(product):
    shades = {way["key"]: way["hex"] for way in DESIGNS[product["design"]]["colourways"]}

    for variant in product["variants"]:
        if product["option"] == "colour":
            assert variant["hex"] == shades[variant["key"]]


@each_product
def test_when_all_renders_are_there_every_form_shows_every_view_of_its_own(product, folder):
    design = DESIGNS[product["design"]]
    for way in design["colourways"]:
        for view in design["views"]:
            (folder / f"{design['id']}--{way['key']}--{view['key']}.webp").touch()

    found = studio.renders_of(product)

    forms = [v["key"] for v in product["variants"]] if product["option"] == "colour" else [None]
    views = len(design["views"])
    own = [view for view in design["views"] if view["key"] not in studio.SCALES]
    told = [None] * (views - len(own))
    assert [r.variant for r in found] == [key for key in forms for _ in own] + told
    assert len(found) <= 12
    assert len({r.file for r in found}) == len(found)
    for render in found:
        assert render.variant is None or f"--{render.variant}--" in render.file.name
        assert set(render.alt) == languages_of(product)
        assert all(render.alt.values())
    for locale in languages_of(product) & {"en", "zh-CN", "fr"}:
        assert len({render.alt[locale] for render in found}) == len(found)


def test_what_is_not_rendered_yet_is_not_shown(folder):
    product = PRODUCTS["anlan-duo-power-bank"]
    (folder / "power-bank--coral--detail.webp").touch()

    (only,) = studio.renders_of(product)

    assert (only.variant, only.alt["en"]) == (
        "coral",
        "Duo power bank, 20,000 mAh, 65 W (coral), seen from close by",
    )


@each_product
def test_no_drawing_stands_for_a_product_every_form_is_seen_whole(product):
    seen = {render.variant for render in studio.renders_of(product) if "--hero" in render.file.name}

    assert seen == (
        {variant["key"] for variant in product["variants"]}
        if product["option"] == "colour"
        else {None}
    )


def test_no_picture_serves_two_products():
    designs = Counter(product["design"] for product in PRODUCTS.values())
    files = Counter(sha256(path.read_bytes()).digest() for path in PICTURES.glob("*.webp"))

    assert designs.most_common(1)[0][1] == 1
    assert files.most_common(1)[0][1] == 1


@each_featured
def test_the_forty_are_seen_from_three_sides_one_of_them_beside_a_thing_of_known_size(product):
    renders = studio.renders_of(product)

    (size,) = [render for render in renders if render.file.stem.endswith(studio.SCALES)]
    assert size.variant is None
    for variant in product["variants"]:
        assert sum(render.variant in {None, variant["key"]} for render in renders) >= 3
