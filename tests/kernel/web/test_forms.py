"""What is typed is read strictly: no control sign, no turned line, no second line unasked."""

import pytest

from kernel.errors import Invalid
from kernel.web.forms import Reader
from kernel.web.i18n import translate, use_locale


@pytest.mark.parametrize(
    "typed", ["a\0b", "Camille\nBcc: all@example.com", "a\x1bb", "a\rb", "a\ufffeb", "a\uffffb"]
)
def test_a_line_holds_no_sign_that_controls_or_that_no_xml_holds(typed):
    reader = Reader({"name": typed})
    reader.text("name")
    with pytest.raises(Invalid) as refused:
        reader.done()
    assert list(refused.value.fields) == ["name"]


def test_a_long_text_keeps_its_lines():
    reader = Reader({"story": "One.\r\n\tTwo."})
    assert reader.text("story", is_long=True) == "One.\r\n\tTwo."
    reader.done()


def test_marks_that_turn_the_line_are_left_out_and_the_words_stay():
    reader = Reader({"name": "\u202eevil\u202c \u2066نور\u2069"})
    assert reader.text("name") == "evil نور"
    reader.done()


def test_nothing_but_turning_marks_is_nothing():
    reader = Reader({"name": "\u202e\u202c"})
    reader.text("name")
    assert reader.complaints


@pytest.mark.parametrize("typed", ["a\0@example.com", "a@exa\nmple.com", "a@b", "a b@example.com"])
def test_no_address_breaks_a_letters_head(typed):
    reader = Reader({"email": typed})
    reader.email("email")
    assert reader.complaints


@pytest.mark.parametrize(
    ("locale", "sentence"),
    [
        ("en", "Enter a number from 0 to 1,000,000."),
        ("de", "Geben Sie eine Zahl von 0 bis 1.000.000 ein."),
    ],
)
def test_bounds_are_written_as_the_language_groups_numbers(locale, sentence):
    reader = Reader({"stock": "1000001"})
    reader.integer("stock", low=0, high=1_000_000)
    with use_locale(locale):
        assert translate(reader.complaints["stock"]) == sentence
