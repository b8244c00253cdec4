"""Every page in English as its words stand, in Chinese, in German, and in a language that nobody speaks."""

from __future__ import annotations

from collections import defaultdict
from functools import cache

import pytest

from kernel.web import message_catalogues
from tests.browser import pseudo
from tests.browser.pages import COMPONENTS
from tests.browser.rounds import (
    EVERY_SIZE,
    EVERY_SIZE_AND_NARROW,
    NARROW,
    SPACED,
    make_round,
    sources,
)
from tests.browser.strays import among_words_of_another_script, run_together, said_in
from tests.browser.validity import complaints
from tests.browser.visiting import assert_none

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def chinese(_served):
    """The sources of all pages in Chinese."""
    return cache(lambda: dict(sources(_served, "zh-cn")))


def test_no_words_of_an_english_page_run_together(house):
    found = defaultdict(list)
    for page, html in sources(house, "en"):
        for words in run_together(html):
            found[words].append(page)
    assert_none(found)


@pytest.mark.parametrize(
    "line",
    [
        "<p>Read the <a>terms</a>and sign.</p>",
        "<p>Read the<a>terms</a>.</p>",
        "<p>It left.<a>Follow it</a></p>",
        "<p><b>Paid</b><span>today</span></p>",
        "<p>It's paid .</p>",
        "<ul><li>Paid</li></ul>. ",
        "<p>It's paid.Thank you</p>",
        "<p>by rule <bdi>GB-IPT</bdi> . <b>x</b></p>",
        '<p class="ltr"><span class="ltr">CK-1</span>Seawater</p>',
    ],
)
def test_words_that_run_together_are_found_out(line):
    assert len(run_together(f"<body>{line}</body>")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "<p>Read the <a>terms</a>, and <b>sign</b>.</p>",
        "<p>a<wbr>b<sup>2</sup>x <b>1</b>.5</p>",
        "<p>Paid</p><p>today</p>",
        '<p class="row"><a class="btn">Sign in</a><a class="btn">Sign up</a></p>',
        '<div class="field"><label>Name</label><span class="hint">As on the card.</span></div>',
        "<p>Revision <b data-told='revision'></b>, signed.</p>",
        '<p>Rule: <bdi lang="fr">Taxe .</bdi>.</p>',
        '<a class="logo">Entrep<span>ô</span>t</a>',
    ],
)
def test_words_that_a_sheet_or_a_sign_keeps_apart_are_left_alone(line):
    assert run_together(f"<body>{line}</body>") == []


@pytest.fixture(scope="module")
def longer(_served, chromium):
    """A round in English sentences that are two fifths longer and written from the right."""

    @cache
    def opened():
        with pseudo.spoken(lambda words: pseudo.reversed_(pseudo.longer(words))):
            return make_round(_served, chromium, "ar", inspectors=EVERY_SIZE, notes=["texts"])

    return opened


def test_every_page_in_chinese_is_valid_html(house, chinese, tmp_path):
    assert complaints(chinese(), tmp_path) == []


def test_every_page_in_chinese_says_so(house, chinese):
    assert_none(
        {html[:200]: [page] for page, html in chinese().items() if '<html lang="zh-CN"' not in html}
    )


def test_no_key_and_no_english_stands_among_chinese_words(house, chinese):
    said = {page: said_in(html) for page, html in chinese().items() if "/dev/ui" not in page}
    assert_none(among_words_of_another_script(said, "zh-CN"))


@pytest.fixture(scope="module")
def german(_served, chromium):
    """A round through the pages in German, spaced out in the end."""
    return cache(
        lambda: make_round(
            _served,
            chromium,
            "de",
            inspectors=EVERY_SIZE_AND_NARROW | SPACED,
        )
    )


def test_nothing_scrolls_sideways_and_no_word_is_cut_off_in_german(house, german):
    assert_none(german().found["layout"])


def test_no_component_scrolls_sideways_or_cuts_a_german_word(house, chromium):
    components = make_round(house, chromium, "de", inspectors=NARROW, pages=COMPONENTS)
    assert_none(components.found["layout"])


def test_text_that_a_reader_spaces_out_finds_its_room(house, german):
    assert_none(german().found["spaced"])


def test_longer_words_from_the_right_find_their_room(house, longer):
    assert_none(longer().found["layout"])


def test_no_sentence_stays_english(house, longer):
    english = {
        m.string for m in message_catalogues.read("en") if m.id and isinstance(m.string, str)
    }
    english = {words for words in english if " " in words and pseudo.longer(words) != words}
    left = defaultdict(list)
    for page, texts in longer().kept["texts"].items():
        if page.startswith("/mailbox"):
            continue  # letters were written before
        for words in english.intersection(texts):
            left[words].append(page)
    assert_none(left)
