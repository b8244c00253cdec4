"""What the story's shoppers say fits the forms it is sent by."""

import pytest

from kernel.media.photos.forms import Received
from kernel.media.photos.rules import Changes
from kernel.web.forms import Reader
from kernel.web.preferences import LANGUAGES
from marketplace.demo.tour import tour
from marketplace.demo.tour.voices import voices
from marketplace.trust.reviews.forms import read_answer, read_review

NO_PHOTOS = Received(Changes(), (), Reader({}), is_adding=False)


@pytest.mark.parametrize("shopper", tour.SHOPPERS, ids=lambda shopper: shopper.email)
@pytest.mark.parametrize("goods", ["teapot", "lamp"])
def test_every_shopper_has_words_for_whatever_arrives(shopper, goods):
    words = voices()["shoppers"][shopper.email]
    said = {key: text for key, text in words["said"][goods].items() if key != "photos"}

    found = read_review(said, NO_PHOTOS, locale=LANGUAGES[words["lang"]])

    assert (str(found.stars), found.title, found.words) == tuple(said.values())


def test_the_shoppers_speak_different_languages():
    assert {one["lang"] for one in voices()["shoppers"].values()} == {"fr", "ja", "ar"}


@pytest.mark.parametrize("answer", voices()["answers"], ids=lambda answer: answer["email"])
def test_an_answer_can_be_sent(answer):
    assert read_answer(answer) == answer["words"]
