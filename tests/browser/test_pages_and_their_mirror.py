"""Every page in English and in Arabic: open to everybody, in its frame, valid, and mirrored."""

from __future__ import annotations

from functools import cache

import pytest
from bs4 import BeautifulSoup

from tests.browser.pages import COMPONENTS
from tests.browser.rounds import (
    AXE,
    AXE_FROM_THE_RIGHT,
    KEYS_AT_DESK,
    NARROW,
    STOPS_ON_PHONE,
    make_round,
)
from tests.browser.strays import among_words_of_another_script
from tests.browser.validity import complaints
from tests.browser.visiting import assert_none

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def opened(_served, chromium):
    """A round through the pages in a language: the first test that asks waits for it."""
    looks = {
        "en": (AXE | STOPS_ON_PHONE | NARROW | KEYS_AT_DESK, ["rows"]),
        "ar": (AXE_FROM_THE_RIGHT | NARROW, ["rows", "said"]),
    }

    @cache
    def open_in(lang):
        inspectors, notes = looks[lang]
        return make_round(_served, chromium, lang, inspectors=inspectors, notes=notes)

    return open_in


@pytest.fixture(scope="module")
def components(_served, chromium):
    """The page that shows every component, in a language."""

    @cache
    def open_in(lang):
        return make_round(_served, chromium, lang, inspectors=NARROW, pages=COMPONENTS)

    return open_in


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_no_page_keeps_anybody_out(house, opened, lang):
    assert_none(opened(lang).found["axe"])


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_nothing_scrolls_sideways_and_no_word_is_cut_off(house, opened, lang):
    assert_none(opened(lang).found["layout"])


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_no_component_scrolls_sideways_or_cuts_a_word(house, components, lang):
    assert_none(components(lang).found["layout"])


@pytest.mark.parametrize("lang", ["en", "ar"])
def test_every_page_is_valid_html(house, opened, components, lang, tmp_path):
    assert complaints(opened(lang).html | components(lang).html, tmp_path) == []


def test_the_header_marks_a_page_in_one_place(house, opened):
    wrong = {}
    for page, html in opened("en").html.items():
        marked = BeautifulSoup(html, "html.parser").select("header [aria-current]")
        words = [one.get_text(strip=True) for one in marked]
        pages = [one for one in marked if one["aria-current"] == "page"]
        if len(pages) > 1 or len(set(words)) < len(words):
            wrong[" · ".join(words)] = [page]
    assert_none(wrong)


def test_a_walk_by_tab_sees_every_stop_and_comes_to_an_end(house, opened):
    assert_none(opened("en").found["stops on a phone"] | opened("en").found["keys at a desk"])


def test_no_key_and_no_english_stands_among_words_of_another_script(house, opened):
    assert_none(among_words_of_another_script(opened("ar").kept["said"], "ar"))


def test_a_page_from_the_right_is_the_mirror_of_one_from_the_left(house, opened):
    wrong, compared = {}, 0
    english, arabic = opened("en").kept["rows"], opened("ar").kept["rows"]
    for page, rows in english.items():
        for place in rows.keys() & arabic[page].keys():
            (way, name), (mirrored, _) = rows[place], arabic[page][place]
            compared += 1
            if way == mirrored:
                wrong[name] = [page]
    assert compared > 800
    assert_none(wrong)
