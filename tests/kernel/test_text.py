"""Sentences that are put together."""

from datetime import date

import pytest

from kernel.text import Message, together
from kernel.web.i18n import say, translate, use_locale


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


def test_three_points_after_a_value_stay():
    assert translate(Message("%(name)s...", {"name": "Etc."})) == "Etc...."
