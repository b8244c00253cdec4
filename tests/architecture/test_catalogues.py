"""Catalogues are fresh, complete and say the same thing in every language."""

import pytest
from babel.messages.catalog import Catalog, Message

from kernel.manifest import packages
from kernel.web import message_catalogues as catalogues
from kernel.web.i18n import translations
from kernel.web.preferences import LANGUAGES


@pytest.fixture(scope="module")
def marked():
    return catalogues.extract()


@pytest.mark.parametrize("locale", LANGUAGES.values())
def test_a_catalogue_holds_every_sentence_and_no_other(marked, locale):
    assert catalogues.complaints(locale, marked) == []


def test_every_package_with_words_is_read(marked):
    places = {name.partition("/")[0] for message in marked for name, _ in message.locations}
    assert places == set(packages())


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
        "قطعة واحدة في سلتك",
        "قطعتان في سلتك",
        "3 قطع في سلتك",
        "11 قطعة في سلتك",
        "100 قطعة في سلتك",
    ]


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
    found = list(catalogues.faults(given, 2))
    assert any(fault in complaint for complaint in found)


def test_a_sound_translation_has_no_fault():
    days = Message(("%(num)s day", "%(num)s days"), ("Ein Tag", "%(num)s Tage"))
    assert list(catalogues.faults(days, 2)) == []


def test_a_translator_takes_out_what_is_missing_and_gives_it_back(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    marked = Catalog()
    marked.add("You pay %(total)s.", locations=[("marketplace/buying/cart/views.py", 3)])
    marked.add(("%(num)s day", "%(num)s days"))
    catalogues.update("fr", marked)
    pay, days = sorted(catalogues.untranslated("fr"), key=lambda entry: "forms" in entry)
    assert (pay["places"], days["forms"]) == (
        ["marketplace/buying/cart/views.py"],
        ["one", "other"],
    )

    assert catalogues.fill("fr", [pay | {"str": "À payer."}]) == [
        "other placeholders or markup: You pay %(total)s."
    ]
    right = pay | {"str": "Vous payez %(total)s."}, days | {"str": ["Un jour", "%(num)s jours"]}
    assert catalogues.fill("fr", list(right)) == []
    assert catalogues.untranslated("fr") == []
    assert catalogues.complaints("fr", marked) == []


def test_a_translation_of_nothing_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(catalogues, "FOLDER", tmp_path)
    assert catalogues.fill("fr", [{"id": "Hello", "str": "Bonjour"}]) == ["nobody says: Hello"]


@pytest.mark.parametrize(
    ("french", "is_parted"),
    [
        ("Mot de passe oublié ?", True),
        ("Le reste : %(amount)s", True),
        ("« Panier »", True),
        ("Mot de passe oublié\u202f?", False),
        ("Les signes / - ? : ( ) et https://example.com", False),
    ],
)
def test_a_french_sign_stays_with_its_word(french, is_parted):
    assert catalogues.parted(french) is is_parted
