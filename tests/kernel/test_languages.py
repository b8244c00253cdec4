"""The files of languages: whole, each with its words and a locale that writes its dates."""

import pytest
from babel import Locale

from kernel import languages
from kernel.registry import BadPart, Registry
from kernel.web.i18n import MESSAGE_CATALOGUES
from kernel.web.preferences import COUNTRY_CURRENCY, LANGUAGES

FILES = languages.HOUSE.files
NEEDED = {"code", "place", "country", "cldr"}
PARTS = NEEDED | {"name", "scripts", "faces", "marks"}


@pytest.mark.parametrize("tag", FILES)
def test_a_language_has_its_words_a_locale_and_a_country_that_goods_go_to(tag):
    told = FILES[tag]
    assert told["code"] == tag
    assert NEEDED <= told.keys() <= PARTS
    assert Locale.parse(told["cldr"])
    assert told["country"] in COUNTRY_CURRENCY
    assert MESSAGE_CATALOGUES.joinpath(tag.replace("-", "_"), "LC_MESSAGES", "messages.po").exists()


def test_places_are_taken_once_and_english_stands_first():
    places = [told["place"] for told in FILES.values()]
    assert sorted(places) == [*range(1, len(places) + 1)]
    assert next(iter(LANGUAGES)) == "en"


def test_other_letters_have_faces_of_their_own_in_mails():
    assert languages.scripts(languages.HOUSE).keys() == languages.faces(languages.HOUSE).keys()


def test_a_mark_that_nobody_writes_is_named_with_its_file(tmp_path):
    tmp_path.joinpath("de.json").write_text('{"marks": {"coma": ","}}', encoding="utf-8")

    with pytest.raises(BadPart, match=r"de\.json, part marks: nobody reads coma"):
        languages.marks(Registry(tmp_path))
