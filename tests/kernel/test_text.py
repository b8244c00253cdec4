"""Sentences that are put together."""

from datetime import date

import pytest

from kernel.text import Message, together
from kernel.web.i18n import say, say_heading, translate, use_locale


def test_hundreds_of_sentences_are_said_as_one_in_order():
    # As many files as somebody marks at once may be refused, each with a sentence.
    words = [f"Word{number}." for number in range(2001)]

    one = together([Message(word) for word in words])

    assert str(one) == translate(one) == str(say(one)) == " ".join(words)


def test_one_sentence_stays_itself():
    assert together([Message("Alone.")]) == Message("Alone.")


@pytest.mark.parametrize(
    ("locale", "words"),
    [("pt-BR", "By ter., 23 de fev."), ("fr", "By mar. 23 févr."), ("en", "By Tue 23 Feb.")],
)
def test_the_point_of_a_shortened_month_is_the_full_stop_too(locale, words):
    sentence = Message("By %(day)s.", {"day": date(2027, 2, 23)})

    with use_locale(locale):
        assert translate(sentence) == str(say(sentence)) == words


@pytest.mark.parametrize(
    ("locale", "words"),
    [
        ("pt-BR", "By ter.,\u00a023\u00a0de\u00a0fev."),
        ("ja", "By 2月23日\u2060(火)."),
        ("en", "By Tue\u00a023\u00a0Feb."),
    ],
)
def test_no_line_of_a_heading_parts_a_day(locale, words):
    with use_locale(locale):
        assert say_heading(Message("By %(day)s.", {"day": date(2027, 2, 23)})) == words


def test_three_points_after_a_value_stay():
    assert translate(Message("%(name)s...", {"name": "Etc."})) == "Etc...."
