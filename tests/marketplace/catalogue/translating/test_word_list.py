"""The packaged list of words says what it knows, leaves what it does not, and admits both."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.web.preferences import LANGUAGES
from marketplace.catalogue.translating.gateway import WordList
from marketplace.catalogue.translating.glossary import Glossary, Role, packaged
from marketplace.catalogue.translating.rules import Kind, Refusal, numbers, verdict

LIST = Glossary(packaged())
TITLES = {
    "zh-CN": "提梁白瓷大茶壶 700 毫升",
    "ja": "染付の蓋付き急須 450ml",
    "ko": "작은 백자 달항아리 12cm",
    "de": "Große Teekanne aus Porzellan, 1,5 Liter",
    "en": "Large porcelain teapot with lid, 1.5 litres",
    "fr": "Grande théière en porcelaine, 1,5 litres",
    "es": "Tetera grande de porcelana, 700 ml",
    "pt-BR": "Bule grande de porcelana, 700 ml",
    "ar": "إبريق شاي كبير من البورسلان، 700 مل",
}


def said(title, source, target="en"):
    return LIST.say(title, source=source, target=target)


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("zh-CN", "Teapot: with overhead handle, white porcelain, large, 700 ml"),
        ("ja", "Teapot: blue and white porcelain, with lid, 450 ml"),
        ("ko", "Moon jar: small, white porcelain, 12 cm"),
        ("de", "Teapot: large, porcelain, 1.5 l"),
        ("fr", "Teapot: large, porcelain, 1.5 l"),
        ("es", "Teapot: large, porcelain, 700 ml"),
        ("pt-BR", "Teapot: large, porcelain, 700 ml"),
        ("ar", "Teapot: large, porcelain, 700 ml"),
    ],
)
def test_a_title_becomes_its_kind_of_goods_with_the_facts_in_a_row(source, words):
    assert said(TITLES[source], source).words == words


@pytest.mark.parametrize("source", sorted(LANGUAGES.values()))
@pytest.mark.parametrize("target", sorted(LANGUAGES.values()))
def test_every_language_says_every_other_and_the_judge_lets_it_pass(source, target):
    if source == target:
        return
    answer = said(TITLES[source], source, target)

    assert answer.refused is None
    assert answer.left_over == ()
    assert numbers(answer.words) == numbers(TITLES[source])
    assert (
        verdict(
            kind=Kind.TITLE,
            original=TITLES[source],
            answer=answer.words,
            source=source,
            target=target,
        )
        is None
    )


def test_a_language_writes_its_own_mark_before_decimals_and_between_facts():
    assert said(TITLES["en"], "en", "de").words == "Teekanne: groß, Porzellan, mit Deckel, 1,5 l"
    assert said(TITLES["en"], "en", "zh-CN").words.startswith("茶壶：大号，瓷器")


def test_words_that_are_not_known_stay_as_they_are_and_are_told():
    answer = said("青瓷妙趣盖碗 140 毫升", "zh-CN")

    assert answer.words == "Gaiwan: celadon, 妙趣, 140 ml"
    assert answer.left_over == ("妙趣",)


@pytest.mark.parametrize(
    ("title", "source"),
    [
        ("荷叶笔舔小碟", "zh-CN"),  # too much of it is not known
        ("雅致白瓷", "zh-CN"),  # says no kind of goods
        ("Lysholm Nordlys 3", "en"),
        ("", "en"),
        ("12", "de"),
        ("🫖🫖🫖", "ja"),
    ],
)
def test_of_what_too_little_is_known_nothing_is_said(title, source):
    assert said(title, source).refused is Refusal.LITTLE_KNOWN


def test_a_sign_within_a_word_that_is_not_known_is_not_taken_for_one():
    assert said("香槟杯", "zh-CN").left_over or said("香槟杯", "zh-CN").refused
    assert "incense" not in said("香川の急須", "ja").words.lower()
    assert "ring" not in said("スプリングのノート", "ja").words.lower()


def test_latin_names_within_other_letters_are_names_and_nothing_left():
    answer = said("Narae 6 실리콘 케이블", "ko")

    assert (answer.words, answer.left_over) == ("Cable: Narae 6, silicone", ())
    assert said("Hush 2 头戴式耳机", "zh-CN").words == "Headphones: Hush 2"
    assert said("Thread 편조 케이블 2m", "ko").words == "Cable: Thread, 편조, 2 m"
    assert said("Thread 2m 케이블", "ko").words == "Cable: Thread 2 m"
    assert said("A5 leather notebook", "en", "fr").words == "Carnet\u00a0: A5, cuir"


def test_latin_names_among_signs_end_where_the_signs_begin():
    assert said("USB充电线", "zh-CN").words == "Cable: USB"
    assert said("Réserve葡萄酒", "zh-CN").words == "Wine: Réserve"


@given(st.text(max_size=60), st.sampled_from(sorted(LANGUAGES.values())))
def test_no_title_of_any_kind_breaks_the_list(title, source):
    answer = said(title, source, "en" if source != "en" else "de")

    assert bool(answer.words) != bool(answer.refused)


def test_it_translates_titles_alone_and_knows_its_own_languages():
    assert WordList().kinds == {Kind.TITLE}
    assert WordList().languages() == {"en", "zh", "es", "fr", "de", "ja", "ko", "pt", "ar"}
    assert WordList().say(["Vaso"], source="it", target="en")[0].refused is Refusal.LITTLE_KNOWN


@pytest.mark.parametrize("term", packaged(), ids=lambda term: term.forms["en"][0])
def test_every_word_of_the_list_is_there_in_nine_languages(term):
    assert set(term.forms) == set(LANGUAGES.values())
    assert all(all(form.strip() for form in forms) for forms in term.forms.values())
    if term.role is Role.NOUN:
        assert LIST.say(term.said("en"), source="en", target="de").words
