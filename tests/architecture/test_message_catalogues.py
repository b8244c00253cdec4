"""Catalogues are fresh and sound in every language; what one lacks is said in English."""

import re
from gettext import c2py

import pytest
from babel import Locale
from babel.messages.catalog import Catalog, Message
from bs4 import BeautifulSoup
from click.testing import CliRunner

from kernel import memory
from kernel.manifest import packages
from kernel.text import NP_
from kernel.text import Message as Sentence
from kernel.web import i18n, message_catalogues
from kernel.web.i18n import translate, translations
from kernel.web.locales import use_locale
from kernel.web.preferences import LANGUAGES
from tests.browser.strays import said_in_english

OTHERS = {path: locale for path, locale in LANGUAGES.items() if locale != "en"}


@pytest.fixture(scope="module")
def marked():
    return message_catalogues.extract()


@pytest.mark.parametrize("locale", LANGUAGES.values())
def test_a_catalogue_holds_every_sentence_and_no_other(marked, locale):
    assert message_catalogues.complaints(locale, marked) == []


def test_every_package_with_words_is_read(marked):
    places = {name.partition("/")[0] for message in marked for name, _ in message.locations}
    assert places == set(packages())


@pytest.mark.parametrize(("locale", "forms"), [("en", 2), ("zh-CN", 1), ("ar", 6)])
def test_a_language_has_its_own_number_of_plural_forms(locale, forms):
    plural = [m for m in message_catalogues.read(locale) if m.id and m.pluralizable]
    assert plural
    assert {len(m.string) for m in plural} == {forms}


@pytest.mark.parametrize("locale", LANGUAGES.values())
def test_plural_forms_stand_in_the_order_in_which_they_are_asked_for(locale):
    catalogue = message_catalogues.read(locale)
    form_of = c2py(catalogue.plural_expr)
    named = message_catalogues.FORMS[catalogue.num_plurals]
    cldr = Locale.parse(locale, sep="-").plural_form
    assert [named[form_of(n)] for n in range(1000)] == [cldr(n) for n in range(1000)]


def test_arabic_counts_as_arabic_does():
    say = translations("ar").ngettext
    one, many = "%(num)s item in your cart", "%(num)s items in your cart"
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
        (Message("<b>You</b> pay", "Zu zahlen"), "other placeholders"),
        (Message(("%(num)s day", "%(num)s days"), ("%(num)s Tag",)), "1 plural forms"),
    ],
)
def test_each_fault_of_a_translation_is_found(given, fault):
    found = list(message_catalogues.faults(given, 2))
    assert any(fault in complaint for complaint in found)


@pytest.mark.parametrize(
    "lacking",
    [
        Message("You pay %(total)s.", ""),
        Message(("%(num)s day", "%(num)s days"), ("", "")),
        Message(("%(num)s day", "%(num)s days"), ("Ein Tag", "")),
    ],
)
def test_what_is_not_translated_in_every_form_is_lacking_and_not_wrong(lacking):
    assert message_catalogues.is_lacking(lacking)
    assert list(message_catalogues.faults(lacking, 2)) == []


def test_a_sound_translation_has_no_fault():
    days = Message(("%(num)s day", "%(num)s days"), ("Ein Tag", "%(num)s Tage"))
    assert not message_catalogues.is_lacking(days)
    assert list(message_catalogues.faults(days, 2)) == []


def test_a_translator_takes_out_what_is_missing_and_gives_it_back(tmp_path, monkeypatch):
    monkeypatch.setattr(message_catalogues, "FOLDER", tmp_path)
    marked = Catalog()
    marked.add("You pay %(total)s.", locations=[("marketplace/buying/cart/views.py", 3)])
    marked.add(("%(num)s day", "%(num)s days"))
    message_catalogues.update("fr", marked)
    pay, days = sorted(message_catalogues.untranslated("fr"), key=lambda entry: "forms" in entry)
    assert (pay["places"], days["forms"]) == (
        ["marketplace/buying/cart/views.py"],
        ["one", "other"],
    )

    assert message_catalogues.fill("fr", [pay | {"str": "À payer."}]) == [
        "other placeholders or markup: You pay %(total)s."
    ]
    right = pay | {"str": "Vous payez %(total)s."}, days | {"str": ["Un jour", "%(num)s jours"]}
    assert message_catalogues.fill("fr", list(right)) == []
    assert message_catalogues.untranslated("fr") == []
    assert message_catalogues.complaints("fr", marked) == []


def test_a_translation_of_nothing_is_named(tmp_path, monkeypatch):
    monkeypatch.setattr(message_catalogues, "FOLDER", tmp_path)
    assert message_catalogues.fill("fr", [{"id": "Hello", "str": "Bonjour"}]) == [
        "nobody says: Hello"
    ]


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
    assert message_catalogues.parted(french) is is_parted


HEADING, DAYS = "Country, currency and language", ("%(num)s day left", "%(num)s days left")


@pytest.fixture
def own_messages(tmp_path, monkeypatch):
    """Catalogues of the test's own, in which every language lacks what it does not write."""
    monkeypatch.setattr(message_catalogues, "FOLDER", tmp_path)
    monkeypatch.setattr(i18n, "MESSAGE_CATALOGUES", tmp_path)

    def write(marked, **english):
        monkeypatch.setattr(message_catalogues, "extract", lambda: marked)
        for locale in LANGUAGES.values():
            message_catalogues.update(locale, marked)
        assert (
            message_catalogues.fill("en", [{"id": k, "str": v} for k, v in english.items()]) == []
        )
        i18n.use_message_catalogues(None)
        memory.forget_everything()

    yield write
    monkeypatch.undo()
    i18n.use_message_catalogues(None)


def marked_in_english_only():
    marked = Catalog()
    marked.add(HEADING, locations=[("kernel/web/templates/shell/chooser.html", 3)])
    marked.add(DAYS, locations=[("marketplace/buying/cart/views.py", 7)])
    return marked


def run(command):
    return CliRunner().invoke(message_catalogues.main, [command])


def test_a_sentence_in_english_alone_is_listed_and_blocks_a_release_and_no_change(own_messages):
    own_messages(marked_in_english_only())

    listed = run("update").output.splitlines()
    assert listed[0] == "en: 0 not translated"
    assert listed[1:4] == [
        "zh-CN: 2 not translated",
        "   marketplace/buying/cart/views.py: %(num)s days left",
        f"   kernel/web/templates/shell/chooser.html: {HEADING}",
    ]
    assert len(listed) == 1 + 3 * len(OTHERS)
    assert (run("check").exit_code, run("release").exit_code) == (0, 1)

    for locale in OTHERS.values():
        forms = message_catalogues.read(locale).num_plurals
        entries = [
            {"id": HEADING, "str": "Wörter"},
            {"id": list(DAYS), "str": ["%(num)s Tage"] * forms},
        ]
        assert message_catalogues.fill(locale, entries) == []
    assert (run("check").exit_code, run("release").exit_code) == (0, 0)


def test_a_sentence_that_was_not_gathered_blocks_a_change(own_messages):
    own_messages(marked_in_english_only())
    message_catalogues.extract().add("One more.")

    assert run("check").exit_code == 1
    assert "en: not gathered: One more." in run("check").output.splitlines()


def test_a_sentence_in_english_alone_is_said_in_english_on_a_page_of_every_language(
    client, own_messages
):
    own_messages(marked_in_english_only(), **{HEADING: "How this shop speaks to you"})

    for path in LANGUAGES:
        page = BeautifulSoup(client.get(f"/{path}/settings").text, "html.parser")
        words = page.h1.get_text(strip=True)
        assert i18n.plain(words) == "How this shop speaks to you"
        assert (words != i18n.plain(words)) == (path == "ar")


def test_what_is_said_in_english_is_counted_as_english_does(own_messages):
    own_messages(marked_in_english_only())
    days = NP_(*DAYS, "num")

    for locale in LANGUAGES.values():
        with use_locale(locale):
            said = [i18n.plain(translate(Sentence(days, {"num": n}))) for n in (0, 1, 2, 11)]
        assert said == ["0 days left", "1 day left", "2 days left", "11 days left"]


def test_half_a_translation_is_said_in_english(own_messages):
    own_messages(marked_in_english_only())
    message_catalogues.fill("de", [{"id": list(DAYS), "str": ["Noch ein Tag", ""]}])
    i18n.use_message_catalogues(None)

    assert [translations("de").ngettext(*DAYS, n) for n in (1, 2)] == list(DAYS)


def test_english_that_was_edited_stays_and_other_english_follows_the_code(own_messages):
    marked = Catalog()
    for sentence in ("You pay.", "You wait.", ("A day", "Days")):
        marked.add(sentence)
    own_messages(marked, **{"You pay.": "Please pay."})

    changed = Catalog()
    for sentence in ("You pay.", "You stay.", ("A day", "%(num)s days")):
        changed.add(sentence)
    message_catalogues.update("en", changed)
    english = {m.id: m.string for m in message_catalogues.read("en") if m.id}
    assert english == {
        "You pay.": "Please pay.",
        "You stay.": "You stay.",
        ("A day", "%(num)s days"): ("A day", "%(num)s days"),
    }


def test_a_sentence_that_begins_to_count_loses_words_that_do_not(own_messages):
    marked, counted = Catalog(), Catalog()
    marked.add("A day")
    counted.add(("A day", "%(num)s days"))
    own_messages(marked, **{"A day": "One day"})

    message_catalogues.update("en", counted)

    assert next(m.string for m in message_catalogues.read("en") if m.id) == (
        "A day",
        "%(num)s days",
    )


def test_words_of_a_page_wait_for_a_translation_only_when_their_sentence_is_lacking(own_messages):
    marked = Catalog()
    marked.add("Your <b>wallet</b> holds %(amount)s now.")
    marked.add("Nothing to pay.")
    own_messages(marked)
    done = {"id": "Nothing to pay.", "str": "لا شيء مستحق."}
    assert message_catalogues.fill("ar", [done]) == []
    waits = said_in_english("ar")

    assert waits("wallet")
    assert waits("\u2066holds €3.00 now.\u2069")
    assert not waits("holds nothing at all")
    assert not waits("Nothing to pay.")


@pytest.mark.parametrize("locale", sorted(LANGUAGES.values()))
def test_every_percent_sign_stands_for_a_value_or_is_written_twice(locale):
    """One alone breaks the page that says it, in that language only."""
    alone = re.compile(r"%(?!\(\w+\)[a-z])")
    assert [
        (sentence.id, form)
        for sentence in message_catalogues.read(locale)
        if sentence.id
        for form in message_catalogues.words_of(sentence)
        if alone.search(form.replace("%%", ""))
    ] == []
