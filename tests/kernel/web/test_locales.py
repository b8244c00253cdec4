import pytest

from kernel.people.identity.errors import TooManyTries
from kernel.text import Message, Quoted
from kernel.web.i18n import say, translate
from kernel.web.locales import current_locale, direction, negotiate, use_locale

# Headers as browsers and proxies send them; the usual matchers get most of the first ten wrong.
HEADERS = {
    "zh-Hans-CN": "zh-CN",
    "zh-TW": "zh-CN",
    "zh-HK,zh;q=0.9": "zh-CN",
    "zh-TW,zh;q=0.9,en;q=0.8": "zh-CN",
    "zh-TW,en;q=0.8": "en",
    "pt-PT": "pt-BR",
    "pt-PT,pt;q=0.9,en;q=0.1": "pt-BR",
    "ko-KR,en;q=0.5": "ko",
    "es-419": "es",
    "en;q=.4,fr;q=.8": "fr",
    "de-AT,de;q=0.9": "de",
    "ja": "ja",
    "ar-EG,ar;q=0.9,en;q=0.8": "ar",
    "nl-NL,nl;q=0.9": "en",
    "nl,fr;q=0.3": "fr",
    "*": "en",
    "sv,*;q=0.5,ja;q=0.4": "en",
    "fr;q=0,en": "en",
    "": "en",
    "es_MX": "es",
    "de;q=nonsense,ja": "ja",
}


@pytest.mark.parametrize(("header", "expected"), HEADERS.items())
def test_the_reader_gets_the_language_that_fits_best(header, expected):
    assert negotiate(header) == expected


def test_only_offered_languages_are_considered():
    assert negotiate("fr,zh-CN;q=0.5", ["en", "zh-CN", "ar"]) == "zh-CN"


def test_a_letter_speaks_its_own_language_and_only_for_its_length():
    with use_locale("ar"):
        assert (current_locale(), direction()) == ("ar", "rtl")
    assert (current_locale(), direction()) == ("en", "ltr")


@pytest.mark.parametrize(("minutes", "words"), [(1, "1 minute."), (5, "5 minutes.")])
def test_a_refusal_counts_as_its_language_does(minutes, words):
    with use_locale("en"):
        assert translate(TooManyTries(minutes=minutes).sentence).endswith(words)
    assert str(TooManyTries(minutes=minutes)).endswith(words)


def test_somebodys_own_words_keep_their_direction_inside_a_sentence(app):
    told = Message("It says “%(value)s”.", {"value": Quoted("<7> rue de la Paix")})
    with app.test_request_context():
        assert say(told) == "It says “<bdi>&lt;7&gt; rue de la Paix</bdi>”."
        assert translate(told) == "It says “\u2068<7> rue de la Paix\u2069”."
