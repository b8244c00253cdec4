"""Values of attributes as a reader sees them."""

from __future__ import annotations

import pytest

from marketplace.catalogue.products.queries import AttributeView

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("unit", "locale", "words"),
    [
        ("mm", "en", f"450{NBSP}mm"),
        ("mm", "zh-CN", "450毫米"),
        ("ml", "ar", f"450{NBSP}ملتر"),
        ("h", "fr", "450\u202fh"),
        ("h", "de", f"450{NBSP}Std."),
        ("W", "pt-BR", f"450{NBSP}W"),
        (None, "de", "450"),
    ],
)
def test_a_number_carries_its_unit_as_the_language_writes_it(unit, locale, words):
    attribute = AttributeView("size", "number", unit, {"en": "Size"}, {})

    assert attribute.value(450, locale) == words


@pytest.mark.parametrize("words", ["about a litre", "NaN", ""])
def test_words_where_a_number_is_due_are_shown_as_they_are(words):
    attribute = AttributeView("size", "number", "ml", {"en": "Size"}, {})

    assert attribute.value(words, "en") == words
