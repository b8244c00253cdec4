"""What the demonstration's people say reads right in all nine languages."""

import pytest

from kernel.web.preferences import LANGUAGES
from marketplace.catalogue.translating.rules import Kind, verdict
from marketplace.demo.tour.phrasebook import phrases
from marketplace.demo.tour.regulars import regulars
from marketplace.demo.tour.voices import voices

SAID = [
    (LANGUAGES[shopper["lang"]], review["title"], review["words"])
    for shopper in voices()["shoppers"].values()
    for review in shopper["said"].values()
] + [(LANGUAGES[row["lang"]], row["title"], row["words"]) for row in regulars()]
ANSWERED = [(LANGUAGES[row["lang"]], row["words"]) for row in voices()["answers"]]


@pytest.mark.parametrize(("source", "title", "words"), SAID, ids=[one[1] for one in SAID])
def test_every_review_is_said_in_the_eight_other_languages(source, title, words):
    said = phrases()["reviews"][title]

    assert said.keys() == set(LANGUAGES.values()) - {source}
    for target, (head, body) in said.items():
        for kind, original, answer in ((Kind.TITLE, title, head), (Kind.DESCRIPTION, words, body)):
            fault = verdict(
                kind=kind, original=original, answer=answer, source=source, target=target
            )
            assert fault is None, (target, answer, fault)


@pytest.mark.parametrize(("source", "words"), ANSWERED)
def test_every_answer_of_a_shop_is_said_in_them_too(source, words):
    said = phrases()["answers"][words]

    assert said.keys() == set(LANGUAGES.values()) - {source}
    for target, answer in said.items():
        assert not verdict(
            kind=Kind.DESCRIPTION, original=words, answer=answer, source=source, target=target
        ), (target, answer)
