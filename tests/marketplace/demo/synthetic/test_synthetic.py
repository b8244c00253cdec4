"""Rows of any number, always the same ones."""

import json
from collections import Counter
from importlib import resources

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.money import CURRENCIES
from marketplace.demo.synthetic import synthetic

DATA = resources.files("marketplace.demo.seed") / "data"
WORDS = json.loads(
    (resources.files("marketplace.demo.synthetic") / "data" / "words.json").read_text("utf-8")
)
LEAVES = {
    category["key"]
    for category in json.loads((DATA / "categories.json").read_text("utf-8"))
    if category["parent"] is not None
}
CHOICES = {
    attribute["key"]: {value["key"] for value in attribute["values"]}
    for attribute in json.loads((DATA / "attributes.json").read_text("utf-8"))
}


def products(offers=3000, vendors=40, seed=1):
    return list(synthetic.products(offers=offers, vendors=vendors, words=WORDS, seed=seed))


ROWS = products()
VENDORS = {row.number: row for row in synthetic.vendors(count=40, words=WORDS)}


@given(offers=st.integers(1, 400), vendors=st.integers(1, 60), seed=st.integers(0, 2**32))
def test_exactly_the_wanted_number_of_offers_is_made(offers, vendors, seed):
    rows = products(offers, vendors, seed)

    numbers = [variant.number for row in rows for variant in row.variants]
    assert numbers == list(range(1, offers + 1))


def test_the_same_seed_gives_the_same_rows_and_another_seed_others():
    assert products() == ROWS
    assert products(seed=2) != ROWS


def test_a_larger_catalogue_begins_with_the_smaller_one():
    assert products(offers=6000)[:500] == ROWS[:500]


def test_every_vendor_sells_and_few_sell_much():
    counts = Counter(row.vendor for row in ROWS)

    assert set(counts) == set(VENDORS)
    busiest = sum(count for _, count in counts.most_common(10))
    assert busiest > len(ROWS) // 3


def test_texts_are_in_the_vendors_language_and_english():
    for row in ROWS:
        locales = [locale for locale, _, _ in row.texts]
        assert locales == list(dict.fromkeys((VENDORS[row.vendor].language, "en")))
        for _, title, description in row.texts:
            assert title == title.strip()
            assert "{" not in title + description
            assert "\0" not in title + description


def test_codes_are_those_of_the_shop():
    for row in ROWS:
        assert row.category in LEAVES
        assert len(row.hs_code) == 6
        assert row.hs_code.isdigit()
        assert set(row.attributes["material"]) <= CHOICES["material"]
        keys = [variant.key for variant in row.variants]
        assert len(set(keys)) == len(keys)
        assert set(keys) <= (CHOICES[row.option] if row.option else {"one"})


def test_prices_are_whole_and_positive_and_some_shelves_are_empty():
    variants = [variant for row in ROWS for variant in row.variants]

    assert all(isinstance(v.price_minor, int) and v.price_minor > 0 for v in variants)
    assert all(v.weight_g > 0 for v in variants)
    assert 0 < sum(v.stock == 0 for v in variants) < len(variants) // 10
    assert {row.currency for row in ROWS} <= set(CURRENCIES)
    assert len({row.currency for row in ROWS}) >= 8


@pytest.mark.parametrize(
    ("cents", "rate", "step", "below", "expected"),
    [
        (2_049, 100, 100, 10, 1_990),  # 19.90 EUR
        (2_049, 170, 100, 20, 3_380),  # 3,380 JPY
        (2_049, 1_600, 1_000, 100, 31_900),  # 31,900 KRW
        (10, 100, 100, 10, 90),  # never below one step
    ],
)
def test_a_shop_price_stands_just_below_a_step(cents, rate, step, below, expected):
    assert synthetic.price_minor(cents=cents, rate=rate, step=step, below=below) == expected
