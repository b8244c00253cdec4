"""Sentences that are put together."""

from kernel.text import Message, together
from kernel.web.i18n import say, translate


def test_hundreds_of_sentences_are_said_as_one_in_order():
    # As many files as somebody marks at once may be refused, each with a sentence.
    words = [f"Word{number}." for number in range(2001)]

    one = together([Message(word) for word in words])

    assert str(one) == translate(one) == str(say(one)) == " ".join(words)


def test_one_sentence_stays_itself():
    assert together([Message("Alone.")]) == Message("Alone.")
