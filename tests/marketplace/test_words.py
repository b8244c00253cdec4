from __future__ import annotations

from dataclasses import replace

import pytest

from kernel.web.i18n import translate
from kernel.web.locales import use_locale
from kernel.web.preferences import LANGUAGES
from marketplace.catalogue.products.queries import HAZARD_WORDS
from marketplace.words import seller_name
from tests.marketplace.makers import make_vendor


@pytest.fixture
def shop(db):
    return replace(make_vendor(), name="梅家坞茶事", name_latin="Meijiawu Tea")


def said(shop, locale):
    with use_locale(locale):
        return seller_name(shop).striptags()


@pytest.mark.parametrize("locale", ["en", "ar", "ko"])
def test_who_cannot_read_a_name_sees_its_latin_reading_beside_it(shop, locale):
    assert said(shop, locale) == "梅家坞茶事 · Meijiawu Tea"


@pytest.mark.parametrize("locale", ["zh-CN", "ja"])
def test_who_reads_its_letters_sees_the_name_alone(shop, locale):
    assert said(shop, locale) == "梅家坞茶事"


def test_hangul_is_read_in_korean_only(shop):
    studio = replace(shop, name="달빛공방", name_latin="Dalbit Studio")

    assert said(studio, "ko") == "달빛공방"
    assert said(studio, "ja") == "달빛공방 · Dalbit Studio"


def test_a_latin_name_stands_alone_and_its_signs_are_escaped(shop):
    plain = replace(shop, name="Lysholm & Co", name_latin="Lysholm and Company")

    with use_locale("ar"):
        assert seller_name(plain) == "<bdi>Lysholm &amp; Co</bdi>"


@pytest.mark.parametrize("locale", LANGUAGES.values())
def test_hazards_are_called_without_a_comma_so_that_they_can_stand_in_a_list(locale):
    with use_locale(locale):
        called = [translate(words) for words in HAZARD_WORDS.values()]

    assert len(set(called)) == len(HAZARD_WORDS)
    assert not [words for words in called if set(words) & set(",،、，;؛；")]
