from __future__ import annotations

import tracemalloc

import pytest

from marketplace.catalogue.products import rules
from marketplace.catalogue.products.errors import OtherOptions, TooManyVersions


def test_options_times_values_in_the_order_of_the_form():
    axes = {"colour": ["red", "blue"], "size": ["s", "l"]}

    assert rules.combinations(axes, []) == [
        {"colour": "red", "size": "s"},
        {"colour": "red", "size": "l"},
        {"colour": "blue", "size": "s"},
        {"colour": "blue", "size": "l"},
    ]


def test_what_is_there_is_left_out():
    have = [{"colour": "red"}]

    assert rules.combinations({"colour": ["red", "blue"]}, have) == [{"colour": "blue"}]
    assert rules.combinations({"colour": ["red"]}, have) == []


@pytest.mark.parametrize("axes", [{"size": ["s"]}, {"colour": ["red"], "size": ["s"]}])
def test_other_options_than_those_that_are_there_are_refused(axes):
    with pytest.raises(OtherOptions):
        rules.combinations(axes, [{"colour": "red"}])


def test_goods_without_versions_become_the_first_of_sixty_and_no_more():
    values = [str(n) for n in range(rules.MOST_VERSIONS)]

    assert len(rules.combinations({"size": values}, [{}])) == 60
    with pytest.raises(TooManyVersions) as refused:
        rules.combinations({"size": [*values, "more"]}, [{}])
    assert refused.value.data == {"most": 60}


def test_too_many_versions_are_refused_before_one_is_made():
    values = [str(n) for n in range(400)]
    tracemalloc.start()

    with pytest.raises(TooManyVersions):
        rules.combinations({"colour": values, "size": values}, [])

    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 100_000  # bytes; the 160,000 versions take some 40 million


def test_an_article_number_is_made_of_the_first_ones_and_is_free():
    options = {"colour": "light-blue", "size": "s"}

    assert rules.sku_of("T-1", options, []) == "T-1-LIGHTBLU-S"
    assert rules.sku_of("T-1", options, ["T-1-LIGHTBLU-S"]) == "T-1-LIGHTBLU-S-2"
    assert len(rules.sku_of("X" * 40, options, [])) <= 36
