"""Catalogues are fresh, complete and say the same thing in every language."""

import pytest
from babel.messages.catalog import Message

from kernel.web import catalogues
from kernel.web.i18n import translations
from kernel.web.locales import babel_locale
from kernel.web.preferences import LANGUAGES, OFFERED

SPOKEN = [LANGUAGES[tag] for tag in OFFERED]


@pytest.fixture(scope="module")
def marked():
    return catalogues.extract()


@pytest.mark.parametrize("locale", SPOKEN)
def test_a_catalogue_holds_every_sentence_and_no_other(marked, locale):
    assert catalogues.complaints(locale, marked) == []


def test_every_package_with_words_is_read(marked):
    places = {name.partition("/")[0] for message in marked for name, _ in message.locations}
    assert places == set(catalogues.PACKAGES)


@pytest.mark.parametrize(("locale", "forms"), [("en", 2), ("zh-CN", 1), ("ar", 6)])
def test_a_language_has_its_own_number_of_plural_forms(locale, forms):
    plural = [m for m in catalogues.read(locale) if m.id and m.pluralizable]
    assert plural
    assert {len(m.string) for m in plural} == {forms}


def test_arabic_counts_as_arabic_does():
    say = translations("ar").ngettext
    one, many = "%(num)s piece in your cart", "%(num)s pieces in your cart"
    found = [say(one, many, n) % {"num": n} for n in (1, 2, 3, 11, 100)]
    assert found == [
        "قطعة واحدة في سلتك", "قطعتان في سلتك", "3 قطع في سلتك", "11 قطعة في سلتك",
        "100 قطعة في سلتك",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        (Message("You pay %(total)s.", "Zu zahlen."), "other placeholders"),
        (Message("You pay %(total)s.", "%(total)s zahlen.", flags=["fuzzy"]), "uncertain"),
        (Message("You pay %(total)s.", ""), "not translated"),
        (Message("<b>You</b> pay", "Zu zahlen"), "other placeholders"),
        (Message(("%(num)s day", "%(num)s days"), ("%(num)s Tag",)), "1 plural forms"),
    ],
)
def test_each_fault_of_a_translation_is_found(given, fault):
    found = list(catalogues.faults(given, babel_locale("de").plural_form))
    assert any(fault in complaint for complaint in found)


def test_a_sound_translation_has_no_fault():
    days = Message(("%(num)s day", "%(num)s days"), ("Ein Tag", "%(num)s Tage"))
    assert list(catalogues.faults(days, babel_locale("de").plural_form)) == []
