"""What a translator answers is shown where it is plainly the same text, and refused elsewhere."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from marketplace.catalogue.translating.rules import (
    Kind,
    Refusal,
    addresses,
    numbers,
    verdict,
)

GERMAN = "Die Kanne ist von Hand gedreht und mit 450 ml nicht zu groß für zwei Tassen."
ENGLISH = "The pot is thrown by hand and with 450 ml it is not too large for two cups."


def judged(original, answer, source="de", target="en", kind=Kind.DESCRIPTION):
    return verdict(kind=kind, original=original, answer=answer, source=source, target=target)


@pytest.mark.parametrize(
    ("source", "target", "original", "answer"),
    [
        ("de", "en", GERMAN, ENGLISH),
        ("zh-CN", "en", "提梁白瓷大茶壶 700 毫升", "Large white porcelain teapot, 700 ml"),
        ("zh-CN", "ar", "提梁白瓷大茶壶 700 毫升", "إبريق شاي كبير من الخزف الأبيض، ٧٠٠ مل"),
        ("en", "fr", "Holds 1,300 g", "Contient 1\u202f300 g"),
        ("en", "de", "A 1.5 litre jug", "Ein Krug mit 1,5 Litern"),
        ("en", "ja", "Anlan Hush 2 headphones", "Anlan Hush 2 ヘッドホン"),
        ("de", "fr", "Lysholm Nordlys 3", "Lysholm Nordlys 3"),
        ("en", "de", "Write to shop@kiln.example.com.", "Schreiben Sie an shop@kiln.example.com"),
    ],
)
def test_the_same_text_in_the_other_language_is_shown(source, target, original, answer):
    assert judged(original, answer, source, target) is None


@pytest.mark.parametrize(
    ("answer", "refusal"),
    [
        ("  \n ", Refusal.EMPTY),
        (GERMAN, Refusal.UNCHANGED),
        (GERMAN.replace("Kanne", "Dose"), Refusal.OTHER_LANGUAGE),
        (ENGLISH.replace("450", "540"), Refusal.OTHER_NUMBERS),
        (ENGLISH.replace("450 ml", "some"), Refusal.OTHER_NUMBERS),
        (ENGLISH.replace("450", "4.50"), Refusal.OTHER_NUMBERS),
        (ENGLISH + " Ranked 1 of 3.", Refusal.OTHER_NUMBERS),
        (ENGLISH + "<b>New!</b>", Refusal.MARKUP),
        (ENGLISH + "<img src=x onerror=alert()>", Refusal.MARKUP),
        (ENGLISH + "&lt;script&gt;", Refusal.MARKUP),
        (ENGLISH + " [more](x)", Refusal.MARKUP),
        (ENGLISH + " See https://elsewhere.example", Refusal.OTHER_ADDRESSES),
        (ENGLISH + " Ask me@elsewhere.example", Refusal.OTHER_ADDRESSES),
        (ENGLISH + " {name}", Refusal.OTHER_ADDRESSES),
        (f"\u202e{ENGLISH}", Refusal.HIDDEN_SIGNS),
        (f"{ENGLISH}\u2066", Refusal.HIDDEN_SIGNS),
        (f"{ENGLISH}\x00", Refusal.HIDDEN_SIGNS),
        (ENGLISH * 5, Refusal.TOO_LONG),
        ("这把壶是手工拉坯的，容量 450 毫升。", Refusal.OTHER_LANGUAGE),
        (
            "Le pot est tourné à la main et avec 450 ml il est pour les deux.",
            Refusal.OTHER_LANGUAGE,
        ),
    ],
)
def test_what_is_not_the_same_text_is_refused(answer, refusal):
    assert judged(GERMAN, answer) is refusal


@pytest.mark.parametrize(
    ("target", "answer"),
    [
        ("zh-CN", "手作りの急須です。"),
        ("ja", "손으로 빚은 주전자입니다."),
        ("ko", "手工拉坯茶壶"),
        ("ar", "Teapot thrown by hand"),
        ("fr", "Чайник ручной работы"),
    ],
)
def test_another_script_is_another_language(target, answer):
    assert judged("Von Hand gedreht", answer, target=target) is Refusal.OTHER_LANGUAGE


def test_a_text_with_words_that_comes_back_as_it_was_is_none():
    assert judged("eine runde kanne", "eine runde kanne") is Refusal.UNCHANGED


def test_names_of_a_title_stay_in_their_letters_and_words_of_a_text_do_not():
    title = judged("Trailhead backpack, 26 litres", "백팩: Trailhead, 26 L", "en", "ko", Kind.TITLE)
    assert title is None

    text = "Trailhead is made for long weekends in the mountains and never for the office."
    assert judged(text, f"{text[:60]} 배낭", "en", "ko") is Refusal.OTHER_LANGUAGE


def test_a_title_has_a_length_that_a_card_can_show():
    long = "teapot " * 40
    assert judged("茶壶" * 60, long, "zh-CN", "en", Kind.TITLE) is Refusal.TOO_LONG
    assert judged("茶壶" * 60, long, "zh-CN", "en") is None


def test_markup_of_the_shop_itself_is_no_reason():
    assert judged("Werk &amp; Ton, rund und groß", "Work &amp; clay, round and large") is None


def test_figures_are_the_same_however_they_are_written():
    assert numbers("1,300 g, 1.5 l and ٤٥٠") == numbers("1.300 g, 1,5 l, 450")
    assert numbers("1.5") != numbers("15")


def test_an_address_ends_before_the_point_of_its_sentence():
    assert addresses("See www.kiln.example.") == addresses("www.kiln.example：".rstrip("："))


@given(st.text(max_size=80), st.text(max_size=200))
def test_no_answer_of_any_kind_breaks_the_judge_or_brings_hidden_signs(original, answer):
    found = judged(original, answer)
    assert found is not None or not any(mark in answer for mark in "\u202e\u2066\x00\x1b")
