"""A catalogue that stays in its file says what the standard library reads out of it."""

import gettext
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo

from kernel.web import message_catalogues
from kernel.web.i18n import MESSAGE_CATALOGUES, translations
from kernel.web.mofile import MappedMessageCatalogue
from kernel.web.preferences import LANGUAGES


@pytest.mark.parametrize("locale", LANGUAGES.values())
def test_every_sentence_and_every_form_is_found(locale):
    ours = translations(locale)
    source = MESSAGE_CATALOGUES / locale.replace("-", "_") / "LC_MESSAGES" / "messages.mo"
    with source.open("rb") as file:
        theirs = gettext.GNUTranslations(file)
    said = 0
    for message in message_catalogues.read(locale):
        if message_catalogues.is_lacking(message):
            continue  # said in English
        context = (message.context,) if message.context else ()
        if message.pluralizable:
            one, many = message.id
            count = "npgettext" if context else "ngettext"
            asked = [(count, (*context, one, many, n)) for n in (0, 1, 2, 3, 11, 100, 1_000_000)]
        elif message.id:
            asked = [("pgettext" if context else "gettext", (*context, message.id))]
        else:
            continue
        for how, words in asked:
            assert getattr(ours, how)(*words) == getattr(theirs, how)(*words)
            said += 1
    assert said > 1_000


def written(tmp_path, messages, locale="ar"):
    gathered = Catalog(locale=locale)
    for original, words in messages.items():
        gathered.add(original, words)
    file = BytesIO()
    write_mo(file, gathered)
    path = tmp_path / "messages.mo"
    path.write_bytes(file.getvalue())
    return MappedMessageCatalogue(path)


def test_what_a_catalogue_lacks_is_said_as_it_is(tmp_path):
    messages = written(tmp_path, {"Tea": "شاي"})
    assert messages.gettext("Tea") == "شاي"
    assert messages.gettext("Te") == "Te"
    assert messages.gettext("Teapot") == "Teapot"
    assert messages.pgettext("drink", "Tea") == "Tea"
    assert [messages.ngettext("a cup", "cups", n) for n in (1, 2)] == ["a cup", "cups"]
    assert [messages.npgettext("of", "a cup", "cups", n) for n in (1, 2)] == ["a cup", "cups"]


def test_what_a_catalogue_lacks_is_said_by_its_fallback_and_counted_as_that_counts(tmp_path):
    cups = ("a cup", "%(num)s cups")
    spoken, english = (tmp_path / name for name in ("spoken", "english"))
    spoken.mkdir()
    english.mkdir()
    messages = written(spoken, {"Tea": "شاي"})
    said = {"Tea": "Tea", "Pot": "Teapot", cups: cups}
    messages.add_fallback(written(english, said, locale="en"))
    assert [messages.gettext(word) for word in ("Tea", "Pot", "Lid")] == ["شاي", "Teapot", "Lid"]
    assert [messages.ngettext(*cups, n) for n in (0, 1, 2)] == [cups[1], cups[0], cups[1]]


def test_a_file_that_is_no_catalogue_is_refused(tmp_path):
    (tmp_path / "messages.mo").write_bytes(b"\0" * 64)
    with pytest.raises(ValueError, match="no catalogue"):
        MappedMessageCatalogue(tmp_path / "messages.mo")
