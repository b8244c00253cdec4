from __future__ import annotations

import json
from pathlib import Path

import pytest

from marketplace.demo.seed import studio
from tests.marketplace.demo.seed.test_data import PRODUCTS, languages_of

CATALOGUE = Path(__file__).resolve().parents[4] / "art" / "catalogue.json"
DESIGNS = {d["id"]: d for d in json.loads(CATALOGUE.read_text(encoding="utf-8"))["products"]}
WITH_DESIGN = {key: p for key, p in PRODUCTS.items() if p["design"]}

each_designed = pytest.mark.parametrize("product", WITH_DESIGN.values(), ids=WITH_DESIGN.keys())


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A studio whose folder holds only what a test puts there."""
    (tmp_path / "pictures").mkdir()
    (tmp_path / "data").symlink_to(studio._HERE / "data")
    monkeypatch.setattr(studio, "_HERE", tmp_path)
    return tmp_path / "pictures"


@each_designed
def test_every_form_has_a_colourway_of_the_design_and_wears_its_shade(product):
    shades = {way["key"]: way["hex"] for way in DESIGNS[product["design"]]["colourways"]}

    for variant in product["variants"]:
        if product["option"] == "colour":
            assert variant["hex"] == shades[variant["key"]]


@each_designed
def test_when_all_renders_are_there_every_form_shows_every_view_of_its_own(product, folder):
    design = DESIGNS[product["design"]]
    for way in design["colourways"]:
        for view in design["views"]:
            (folder / f"{design['id']}--{way['key']}--{view['key']}.webp").touch()

    found = studio.renders_of(product)

    forms = [v["key"] for v in product["variants"]] if product["option"] == "colour" else [None]
    views = len(design["views"])
    assert [r.variant for r in found] == [key for key in forms for _ in range(views)]
    assert len(found) <= 12
    assert len({r.file for r in found}) == len(found)
    for render in found:
        assert render.variant is None or f"--{render.variant}--" in render.file.name
        assert set(render.alt) == languages_of(product)
        assert all(render.alt.values())
    for locale in languages_of(product) & {"en", "zh-CN", "fr"}:
        assert len({render.alt[locale] for render in found}) == len(found)


def test_what_is_not_rendered_yet_is_not_shown(folder):
    product = WITH_DESIGN["anlan-duo-power-bank"]
    (folder / "power-bank--coral--detail.webp").touch()

    (only,) = studio.renders_of(product)

    assert (only.variant, only.alt["en"]) == (
        "coral",
        "Duo power bank, 20,000 mAh, 65 W (coral), seen from close by",
    )


def test_goods_that_no_render_shows_truly_have_no_design():
    for key in ("barroazul-single-bowl", "hayakawa-petty-knife", "serraclara-decaf"):
        assert PRODUCTS[key]["design"] is None
        assert studio.renders_of(PRODUCTS[key]) == []
