"""Every page in Chinese, in German, and in two languages that nobody speaks."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import pytest

from kernel.web import message_catalogues as catalogues
from tests.browser import pseudo
from tests.browser.pages import COMPONENTS, PAGES
from tests.browser.rounds import AXE, EVERY_SIZE, NARROW, SPACED, WIDER, make_round
from tests.browser.strays import among_words_of_another_script
from tests.browser.validity import complaints
from tests.browser.visiting import assert_none

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chinese(_served, chromium):
    """A round through the pages in Chinese: the first test that asks waits for it."""
    return cache(lambda: make_round(_served, chromium, "zh-cn", inspectors=AXE, notes=["said"]))


@pytest.fixture(scope="module")
def longer(_served, chromium):
    """A round through the pages in English sentences that are two fifths longer."""

    @cache
    def opened():
        with pseudo.spoken(pseudo.longer):
            return make_round(_served, chromium, "en", inspectors=EVERY_SIZE, notes=["texts"])

    return opened


def test_no_page_in_chinese_keeps_anybody_out(house, chinese):
    assert_none(chinese().found["axe"])


def test_every_page_in_chinese_is_valid_html(house, chromium, chinese, tmp_path):
    components = make_round(house, chromium, "zh-cn", inspectors={}, pages=COMPONENTS)
    assert complaints(chinese().html | components.html, tmp_path) == []


def test_no_key_and_no_english_stands_among_chinese_words(house, chinese):
    assert_none(among_words_of_another_script(chinese().kept["said"], "zh-CN"))


@pytest.fixture(scope="module")
def german(_served, chromium):
    """A round through the pages and components in German, spaced out in the end."""
    return cache(
        lambda: make_round(
            _served, chromium, "de", inspectors=NARROW | SPACED, pages=[*PAGES, *COMPONENTS]
        )
    )


def test_nothing_scrolls_sideways_and_no_word_is_cut_off_in_german(house, german):
    assert_none(german().found["layout"])


def test_text_that_a_reader_spaces_out_finds_its_room(house, german):
    on_pages = {
        fault: [place for place in places if "/dev/ui" not in place]  # its sums no wallet holds
        for fault, places in german().found["spaced"].items()
    }
    assert_none({fault: places for fault, places in on_pages.items() if places})


def test_longer_words_find_their_room(house, longer):
    assert_none(longer().found["layout"])


def test_words_from_the_right_find_their_room(house, chromium):
    """On a phone Arabic itself is looked at."""
    with pseudo.spoken(pseudo.reversed_):
        assert_none(make_round(house, chromium, "ar", inspectors=WIDER).found["layout"])


def test_no_sentence_stays_english(house, longer):
    english = {m.string for m in catalogues.read("en") if m.id and isinstance(m.string, str)}
    english = {words for words in english if " " in words and pseudo.longer(words) != words}
    left = defaultdict(list)
    for page, texts in longer().kept["texts"].items():
        if page.startswith("/mailbox"):
            continue  # letters were written before
        for words in english.intersection(texts):
            left[words].append(page)
    assert_none(left)
