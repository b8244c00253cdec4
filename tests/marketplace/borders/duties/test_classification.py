"""Words find HS codes; a wrong code is worse than none."""

from __future__ import annotations

import pytest

from marketplace.borders.duties import queries, shipped
from marketplace.borders.duties.rules.classification import words_of


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("cotton t-shirt", "610910"),
        ("Cotton T-Shirts", "610910"),
        ("porcelain teapot", "691110"),
        ("leather belt", "420330"),
        ("wireless earbuds", "851830"),
        ("green tea", "090210"),
        ("cast iron pot", "732392"),
        ("men's cotton trousers", "620342"),
        ("dried dates, 500 g", "080410"),
        ("silk scarf", "621410"),
    ],
)
def test_plain_words_find_their_subheading_first(words: str, code: str) -> None:
    assert queries.classify(words=words)[0].code == code


def test_what_a_text_excludes_does_not_match() -> None:
    first, second = queries.classify(words="cotton t-shirt")[:2]

    assert second.code == "610990"  # of textile materials (other than cotton)
    assert first.confidence > second.confidence


def test_proposals_come_best_first_with_path_and_confidence() -> None:
    found = queries.classify(words="wool blanket", limit=5)

    assert len(found) == 5
    assert [p.confidence for p in found[:3]] == sorted(
        (p.confidence for p in found[:3]), reverse=True
    )
    assert all(0 <= p.confidence <= 100 for p in found)
    assert found[0].path[0].startswith("Textiles")
    assert found[0].description == found[0].path[2]


@pytest.mark.parametrize("words", ["", "xyzzy", "500 ml", "!!!"])
def test_words_that_fit_nowhere_propose_nothing(words: str) -> None:
    assert queries.classify(words=words) == []


def test_a_code_is_known_by_its_first_six_digits() -> None:
    assert queries.hs_path(code="6109100010") == queries.hs_path(code="610910")
    assert queries.hs_path(code="610900") is None
    assert queries.hs_path(code="6109") is None
    assert queries.hs_path(code="61091x") is None


def test_every_shop_word_names_codes_of_the_edition() -> None:
    known = shipped.nomenclature()

    assert len([code for code in known.texts if len(code) == 6]) == 5612
    assert all(code in known.texts for codes in known.shop_words.values() for code in codes)


def test_words_are_folded_to_their_singular() -> None:
    assert words_of("Étui, 3 boîtes & T-shirts of the WATCHES 20 cm") == [
        "etui",
        "boite",
        "tshirt",
        "watch",
    ]
