"""Pages fit narrow windows, long words and readers from the right."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from kernel.web import catalogues
from tests.browser import pseudo
from tests.browser.layout import measured
from tests.browser.pages import PAGES
from tests.browser.visiting import DESK, PHONE, assert_none, visit, window

pytestmark = pytest.mark.browser

# A window of 1280 by 1024 at 400 % holds this much (WCAG 1.4.10).
AT_400_PERCENT = {"width": 320, "height": 256}
# Two small English words in a row, or the name of a thing of the code.
_UNTRANSLATED = re.compile(r"\b[a-z]{2,} [a-z]{2,}\b|\b[a-z]+[_.][a-z_]+\b")


def seen(house, page, lang, sizes, *measures):
    """Open every page; return what the measures find, with where."""
    found = defaultdict(list)
    for who, address in PAGES:
        visit(house, page, who, lang, address)
        for size in sizes:
            page.set_viewport_size(size)
            for faults in measured(page, *measures):
                for fault in faults:
                    found[fault].append(f"{size['width']} {address} ({who})")
    return found


@pytest.mark.parametrize("lang", ["en", "de", "ar"])
def test_nothing_scrolls_sideways_and_no_word_is_cut_off(house, chromium, lang):
    with window(chromium) as page:
        assert_none(seen(house, page, lang, [AT_400_PERCENT, PHONE], "spills", "cuts"))


@pytest.mark.parametrize(("lang", "change"), [("en", pseudo.longer), ("ar", pseudo.reversed_)])
def test_longer_words_and_words_from_the_right_find_their_room(house, chromium, lang, change):
    with window(chromium) as page, pseudo.spoken(change):
        assert_none(seen(house, page, lang, [PHONE, DESK], "spills", "cuts"))


def test_no_sentence_stays_english(house, chromium):
    marked = {m.id for m in catalogues.extract() if isinstance(m.id, str) and " " in m.id}
    marked = {words for words in marked if pseudo.longer(words) != words}
    left = defaultdict(list)
    with window(chromium) as page, pseudo.spoken(pseudo.longer):
        for who, address in PAGES:
            visit(house, page, who, "en", address)
            if address.startswith("/mailbox"):
                continue  # letters were written before
            for words in marked.intersection(measured(page, "texts")):
                left[words].append(address)
    assert_none(left)


@pytest.mark.parametrize("lang", ["zh-cn", "ar"])
def test_no_key_and_no_english_stands_among_words_of_another_script(house, chromium, lang):
    """Marked sentences are looked for above; this finds what nobody marked."""
    left, heard = defaultdict(list), set()
    with window(chromium) as page:
        for who, address in PAGES:
            visit(house, page, who, lang, address)
            heard.update(said := measured(page, "said"))
            for words in said:
                if _UNTRANSLATED.search(words):
                    left[words].append(address)
    assert len(heard) > 500
    assert_none(left)


def test_a_page_from_the_right_is_the_mirror_of_one_from_the_left(house, chromium):
    wrong, compared = {}, 0
    with window(chromium) as page:
        for who, address in PAGES:
            rows = {}
            for lang in ("en", "ar"):
                visit(house, page, who, lang, address)
                rows[lang] = measured(page, "rows")
            for place in rows["en"].keys() & rows["ar"].keys():
                (way, name), (mirrored, _) = rows["en"][place], rows["ar"][place]
                compared += 1
                if way == mirrored:
                    wrong[name] = [address]
    assert compared > 800
    assert_none(wrong)


def test_signs_that_point_point_the_other_way_in_arabic(house, chromium):
    def ways(page):
        return page.evaluate(
            "[...document.querySelectorAll('svg.flip')].map(s => getComputedStyle(s).scale)"
        )

    with window(chromium) as page:
        visit(house, page, None, "en", "/dev/ui")
        forward = ways(page)
        visit(house, page, None, "ar", "/dev/ui")
        backward = ways(page)

    assert len(forward) > 3
    assert set(forward) == {"none"}
    assert set(backward) == {"-1 1"}
