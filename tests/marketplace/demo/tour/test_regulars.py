"""People of nine countries buy what is there, and say what fits the forms, each in a language."""

import json
from pathlib import Path

import pytest

from kernel.media.photos.forms import Received
from kernel.media.photos.rules import Changes
from kernel.web.forms import Reader
from kernel.web.preferences import LANGUAGES
from marketplace.demo.seed import seed
from marketplace.demo.tour.regulars import _shoppers, regulars
from marketplace.trust.reviews.forms import read_review

NO_PHOTOS = Received(Changes(), (), Reader({}), is_adding=False)
BUYERS = json.loads((Path(seed.HERE) / "data" / "people.json").read_text("utf-8"))["buyers"]


def test_they_live_in_nine_countries_and_speak_every_language_of_the_house():
    assert len({buyer["country"] for buyer in BUYERS}) == 9
    assert {row["email"] for row in regulars()} == {buyer["email"] for buyer in BUYERS}
    assert {row["lang"] for row in regulars()} == set(LANGUAGES)
    assert len({row["product"] for row in regulars()}) == len(regulars())


def test_everybody_reads_pages_in_the_language_of_their_letters():
    for buyer in BUYERS:
        assert LANGUAGES[_shoppers()[buyer["email"]].lang] == buyer["locale"]


@pytest.mark.parametrize("row", regulars(), ids=lambda row: row["email"])
def test_what_they_buy_comes_from_another_country(row):
    vendor = row["product"].partition("-")[0]
    goods = json.loads((seed.HERE / "data" / "products" / f"{vendor}.json").read_text("utf-8"))
    shops = json.loads((seed.HERE / "data" / "vendors.json").read_text("utf-8"))

    assert row["product"] in {product["key"] for product in goods}
    (shop,) = [shop for shop in shops if shop["key"] == vendor]
    assert shop["country"] != _shoppers()[row["email"]].country


@pytest.mark.parametrize("row", regulars(), ids=lambda row: row["email"])
def test_what_they_say_is_taken(row):
    said = {key: row[key] for key in ("stars", "title", "words")}
    found = read_review(said, NO_PHOTOS, locale=LANGUAGES[row["lang"]])
    assert (str(found.stars), found.title, found.words) == tuple(said.values())
